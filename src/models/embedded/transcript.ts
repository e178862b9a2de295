import { inputError } from '../../errors.ts';
import type { Message } from '../../prompts/prompt.ts';

/**
 * Messages as one text for a model that continues text: `prefix`, a blank line, `suffix` (the blank line
 * only where there is a prefix).
 */
export type Transcript = {
  /** Everything before the last message: what requests of one prompt share. */
  readonly prefix: string;
  /** The last message as it is: a cue such as `Intent:` must not gain a space, which would change its tokens. */
  readonly suffix: string;
  /** The text by which the model shows that its message is over; null where the demonstrations contain it. */
  readonly endOfMessage: string | null;
};

/** What stands between two messages. */
export const messageBreak = '\n\n';

/** What stands between a question and its answer. */
const answerBreak = ' ';

/**
 * Renders messages without a chat template, under which small models repeat the instruction: contents are
 * joined by blank lines, an answer follows its question after one space. A blank system message is left out.
 *
 * @throws inputError when the last message is not a user's message with some text
 */
export function renderTranscript(messages: readonly Message[]): Transcript {
  const last = messages.at(-1);
  if (last?.role !== 'user' || last.content === '') {
    throw inputError(
      `the last message is ${last ? describeMessage(last) : 'missing'}, so there is nothing to answer`,
      'End the messages with a user message that has some text',
    );
  }
  const earlier = messages.slice(0, -1);
  const isAmbiguous = earlier.some(
    ({ role, content }) => role === 'assistant' && content.includes(messageBreak),
  );
  return {
    prefix: paragraphs(earlier).join(messageBreak),
    suffix: last.content,
    endOfMessage: isAmbiguous ? null : messageBreak,
  };
}

/** The model's answer in what it generated after the suffix: without the space that belongs to the transcript. */
export function answerOf(generated: string): string {
  return generated.startsWith(answerBreak) ? generated.slice(answerBreak.length) : generated;
}

/** The text before the first of several stop sequences; an empty sequence stops nothing. */
export function cutAtStop(text: string, stops: readonly string[]): { text: string; stopped: boolean } {
  const positions = stops
    .map((stop) => (stop === '' ? -1 : text.indexOf(stop)))
    .filter((position) => position >= 0);
  return positions.length === 0
    ? { text, stopped: false }
    : { text: text.slice(0, Math.min(...positions)), stopped: true };
}

function paragraphs(messages: readonly Message[]): string[] {
  const result: string[] = [];
  for (const [index, { role, content }] of messages.entries()) {
    const question = role === 'assistant' && messages[index - 1]?.role === 'user' ? result.pop() : undefined;
    if (question !== undefined) result.push(`${question}${answerBreak}${content}`);
    else if (role !== 'system' || content.trim() !== '') result.push(content);
  }
  return result;
}

function describeMessage({ role, content }: Message): string {
  return content === '' ? `an empty ${role} message` : `a message of the ${role}`;
}
