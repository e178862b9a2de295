import { inputError } from '../errors.ts';
import type { Message } from './prompt.ts';

/** One solved example inside a prompt. */
export type Demonstration = { readonly question: string; readonly answer: string };

/** Where the instruction and the demonstrations stand. */
export type Layout =
  /** System message, then demonstrations as turns, then the question. */
  | 'instruction first'
  /** Demonstrations as turns, then the instruction in front of the question. */
  | 'instruction last'
  /** Demonstrations listed inside the system message. */
  | 'one message';

export const layouts: readonly Layout[] = ['instruction first', 'instruction last', 'one message'];

/** A prompt taken apart into what a search may vary. */
export type Anatomy = {
  /** Empty when there is none. */
  readonly instruction: string;
  readonly demonstrations: readonly Demonstration[];
  /** The template of the question: the last user message, with its placeholders. */
  readonly question: string;
  readonly layout: Layout;
};

/**
 * Takes messages apart: system texts, pairs of user and assistant, and the last user message. Throws
 * inputError for a shape a search cannot vary (an odd turn, or no user message at the end).
 */
export function dissect(messages: readonly Message[], id: string): Anatomy {
  const system = messages.filter((message) => message.role === 'system');
  const turns = messages.filter((message) => message.role !== 'system');
  const last = turns.at(-1);
  if (last?.role !== 'user') throw shapeError(id, 'the last message is not from the user');
  const demonstrations: Demonstration[] = [];
  for (let index = 0; index + 1 < turns.length; index += 2) {
    const [question, answer] = [turns[index], turns[index + 1]];
    if (question?.role !== 'user' || answer?.role !== 'assistant') {
      throw shapeError(id, 'demonstrations must be pairs of a user and an assistant message');
    }
    demonstrations.push({ question: question.content, answer: answer.content });
  }
  return {
    instruction: system.map((message) => message.content).join('\n\n'),
    demonstrations,
    question: last.content,
    layout: 'instruction first',
  };
}

/** Puts a prompt together again. `assemble(dissect(messages))` gives the messages back, with one system message. */
export function assemble({ instruction, demonstrations, question, layout }: Anatomy): Message[] {
  const turns = demonstrations.flatMap((demonstration): Message[] => [
    { role: 'user', content: demonstration.question },
    { role: 'assistant', content: demonstration.answer },
  ]);
  if (instruction === '') return [...turns, { role: 'user', content: question }];
  if (layout === 'instruction last')
    return [...turns, { role: 'user', content: `${instruction}\n\n${question}` }];
  if (layout === 'one message' && demonstrations.length > 0) {
    const examples = demonstrations.map(
      (demonstration) => `${demonstration.question} ${demonstration.answer}`,
    );
    const content = [instruction, ...examples].join('\n\n');
    return [
      { role: 'system', content },
      { role: 'user', content: question },
    ];
  }
  return [{ role: 'system', content: instruction }, ...turns, { role: 'user', content: question }];
}

function shapeError(id: string, why: string): Error {
  return inputError(
    `${id} cannot be searched: ${why}`,
    'Shape it as [system], pairs of user and assistant, user',
  );
}
