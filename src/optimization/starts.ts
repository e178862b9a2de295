import { isDeepStrictEqual } from 'node:util';
import type { Example } from '../datasets/dataset.ts';
import { PromptlineError } from '../errors.ts';
import { referenceAnswer } from '../formats/reference.ts';
import { type Anatomy, dissect } from '../prompts/anatomy.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { fill, messagePlaceholders, placeholders } from '../prompts/render.ts';
import type { Draft } from './candidate.ts';
import type { Choices } from './proposal.ts';
import type { Newcomers } from './race.ts';
import { ownId, type SearchSpace } from './space.ts';
import type { StrategyContext } from './strategy.ts';

/** What another prompt, or an earlier version, was found to do well with. */
export type Learnt = Choices & {
  /** In words: what it comes from. */
  readonly why: string;
};

/** Of the other prompts of a family, those that do the same with another model: same placeholders, same output format. */
export function siblingsOf(prompt: Prompt, others: readonly Prompt[]): Prompt[] {
  const needs = ({ messages }: Prompt) => new Set(messagePlaceholders(messages));
  return others.filter(
    (other) =>
      other.id !== prompt.id &&
      other.family === prompt.family &&
      other.model !== prompt.model &&
      isDeepStrictEqual(other.output, prompt.output) &&
      isDeepStrictEqual(needs(other), needs(prompt)),
  );
}

/**
 * What a sibling learnt: its instruction, its layout, and those of its demonstrations that are rows of the training split. Null for
 * messages that no search can take apart.
 */
export function learntFrom(sibling: Prompt, prompt: Prompt, train: readonly Example[]): Learnt | null {
  try {
    return { why: `transferred from ${sibling.id}`, ...takeApart(sibling, prompt, train) };
  } catch (error) {
    if (error instanceof PromptlineError) return null;
    throw error;
  }
}

/** Choices as a later run can use them: each demonstration by the row of the training split that it is, others left out. */
export function lasting(
  prompt: Prompt,
  train: readonly Example[],
  { instruction, layout, demonstrations }: Choices,
): Choices {
  const { question: template, demonstrations: own } = dissect(prompt.messages, prompt.id);
  const rowOf = rowsByText(prompt.output, template, train, asTurns);
  const ownRow = new Map(
    own.map(({ question, answer }, index) => [ownId(index), rowOf.get(asTurns(question, answer))]),
  );
  const rows = new Set(train.map(({ id }) => id));
  const ids = demonstrations.map((id) => (ownRow.has(id) ? ownRow.get(id) : id));
  return {
    instruction,
    layout,
    demonstrations: ids.filter((id) => id !== undefined).filter((id) => rows.has(id)),
  };
}

/** Candidates of this prompt from what was learnt elsewhere; what does not fit it is left out. */
export function startsIn(
  space: SearchSpace,
  prompt: Prompt,
  train: readonly Example[],
  learnt: readonly Learnt[],
): Draft[] {
  const { question: template } = dissect(prompt.messages, prompt.id);
  const textOf = new Map(
    [...rowsByText(prompt.output, template, train, asTurns)].map(([text, id]) => [id, text]),
  );
  const idOf = new Map(
    [...space.pool.values()].map((entry) => [asTurns(entry.question, entry.answer), entry.id]),
  );
  const needed = new Set(placeholders(space.base.instruction));
  const largest = space.sizes.at(-1) ?? 0;
  return learnt
    .filter(({ instruction }) => isDeepStrictEqual(new Set(placeholders(instruction)), needed))
    .map(({ why, instruction, layout, demonstrations }) => {
      const ids = demonstrations.flatMap((id) => idOf.get(textOf.get(id) ?? '') ?? []);
      const choices = { instruction, layout, demonstrations: ids.slice(0, largest) };
      return { choices, parent: null, why };
    });
}

/** The space with the wordings of the starts, so that they can be joined with other demonstrations and layouts. */
export function widened(space: SearchSpace, starts: readonly Draft[]): SearchSpace {
  const wordings = starts.map(({ choices }) => choices.instruction);
  return { ...space, instructions: [...new Set([...space.instructions, ...wordings])] };
}

/** The newcomers of a race, after the starts. */
export function startsFirst(
  { contest, starts = [] }: Pick<StrategyContext, 'contest' | 'starts'>,
  newcomers: Newcomers,
): Newcomers {
  const waiting = [...starts];
  return {
    get cost() {
      return waiting.length > 0 ? 0 : newcomers.cost;
    },
    next: async (round) => {
      const start = waiting.shift();
      return start ? contest.enter(start) : newcomers.next(round);
    },
  };
}

function takeApart(sibling: Prompt, prompt: Prompt, train: readonly Example[]): Choices {
  const { question: template } = dissect(prompt.messages, prompt.id);
  const anatomy = withInstructionApart(dissect(sibling.messages, sibling.id), template);
  if (anatomy.demonstrations.length === 0) return listedApart(anatomy, sibling, train);
  const rowOf = rowsByText(sibling.output, anatomy.question, train, asTurns);
  const demonstrations = anatomy.demonstrations.flatMap(
    ({ question, answer }) => rowOf.get(asTurns(question, answer)) ?? [],
  );
  return { instruction: anatomy.instruction, layout: anatomy.layout, demonstrations };
}

/** An instruction that stands in front of the question, told from it by the question of the other prompt. */
function withInstructionApart(anatomy: Anatomy, template: string): Anatomy {
  const { instruction, question } = anatomy;
  const end = `\n\n${template}`;
  if (instruction !== '' || !question.endsWith(end)) return anatomy;
  const before = question.slice(0, -end.length);
  return { ...anatomy, instruction: before, question: template, layout: 'instruction last' };
}

/** A system message taken apart into the instruction and the demonstrations listed at its end. */
function listedApart(
  { instruction, question, layout }: Anatomy,
  { output }: Prompt,
  train: readonly Example[],
): Choices {
  const rowOf = rowsByText(output, question, train, asListed);
  const demonstrations: string[] = [];
  let rest = instruction;
  for (;;) {
    const listed = [...rowOf].find(([text]) => rest.endsWith(`\n\n${text}`));
    if (!listed) break;
    const [text, id] = listed;
    demonstrations.unshift(id);
    rest = rest.slice(0, -text.length - 2);
  }
  return {
    instruction: rest,
    layout: demonstrations.length > 0 ? 'one message' : layout,
    demonstrations,
  };
}

/** The ids of rows by how they read as demonstrations; the first of two that read alike. */
function rowsByText(
  output: Prompt['output'],
  template: string,
  train: readonly Example[],
  write: (question: string, answer: string) => string,
): Map<string, string> {
  const rows = new Map<string, string>();
  for (const { id, input, expected } of train) {
    const answer = referenceAnswer(output, expected);
    if (answer === null) continue;
    const text = write(fill(template, input), answer);
    if (!rows.has(text)) rows.set(text, id);
  }
  return rows;
}

function asTurns(question: string, answer: string): string {
  return JSON.stringify([question, answer]);
}

/** As {@link assemble} lists them in one message. */
function asListed(question: string, answer: string): string {
  return `${question} ${answer}`;
}
