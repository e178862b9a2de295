import type { Example } from '../datasets/dataset.ts';
import { parseAnswer } from '../formats/codec.ts';
import type { OutputFormat } from '../formats/format.ts';
import { referenceAnswer } from '../formats/reference.ts';
import { assemble, type Demonstration, dissect, type Layout, layouts } from '../prompts/anatomy.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { fill, literal } from '../prompts/render.ts';
import type { Random } from '../statistics/random.ts';
import { instructionEdits } from './instruction-edits.ts';
import type { Choices } from './proposal.ts';

/** A demonstration a candidate may use. */
type PoolEntry = Demonstration & {
  readonly id: string;
  /** Demonstrations are balanced over strata: the labels of a label task, else one for all. */
  readonly stratum: string;
};

/** Everything a search may choose from. */
export type SearchSpace = {
  readonly base: Choices;
  readonly instructions: readonly string[];
  readonly layouts: readonly Layout[];
  /** Numbers of demonstrations, ascending; never 0 unless nothing else is possible. */
  readonly sizes: readonly number[];
  readonly pool: ReadonlyMap<string, PoolEntry>;
  /** Pool ids by stratum. */
  readonly strata: ReadonlyMap<string, readonly string[]>;
};

/**
 * The space around a prompt: its wordings (the author's, edits of them, none), layouts, and balanced sets of
 * demonstrations from the training split. Rows whose text would read as a placeholder are left out.
 */
export function buildSpace(
  prompt: Prompt,
  train: readonly Example[],
  options: { maxDemonstrations: number; random: Random },
): SearchSpace {
  const anatomy = dissect(prompt.messages, prompt.id);
  const own = anatomy.demonstrations.map((demonstration, index): PoolEntry => {
    const value = parseAnswer(prompt.output, demonstration.answer, {}).value ?? {};
    return { ...demonstration, id: ownId(index), stratum: stratumOf(prompt.output, value) };
  });
  const written = new Set(own.map(({ question }) => question));
  const ownIds = new Set(own.map(({ id }) => id));
  const fromTrain = train
    .flatMap((example) => poolEntry(prompt.output, anatomy.question, example))
    .filter((entry) => literal(entry.question) && literal(entry.answer))
    .filter((entry) => !written.has(entry.question) && !ownIds.has(entry.id));
  const pool = [...own, ...fromTrain];
  const strata = Map.groupBy(pool, (entry) => entry.stratum);
  const instruction = anatomy.instruction;
  const wordings = [
    instruction,
    ...prompt.alternatives,
    ...instructionEdits(instruction, options.random.fork('edits')),
    // An instruction that holds an input cannot be left out: the prompt would answer without it.
    ...(literal(instruction) ? [''] : []),
  ];
  return {
    base: { instruction, layout: anatomy.layout, demonstrations: own.map(({ id }) => id) },
    instructions: [...new Set(wordings)],
    layouts,
    sizes: demonstrationSizes(strata.size, Math.min(options.maxDemonstrations, pool.length)),
    pool: new Map(pool.map((entry) => [entry.id, entry])),
    strata: new Map([...strata].map(([stratum, entries]) => [stratum, entries.map(({ id }) => id)])),
  };
}

/** The id of one of the prompt's own demonstrations, by where it stands. */
export function ownId(index: number): string {
  return `own-${index + 1}`;
}

/** The prompt that a set of choices stands for: real messages, ready to be sent. */
export function realise(prompt: Prompt, space: SearchSpace, choices: Choices): Prompt {
  const { question } = dissect(prompt.messages, prompt.id);
  const demonstrations = choices.demonstrations.flatMap((id) => space.pool.get(id) ?? []);
  const { instruction, layout } = choices;
  return { ...prompt, messages: assemble({ instruction, demonstrations, question, layout }) };
}

/** The stratum of a reference answer: its label, or one for all where answers are not labels. */
export function stratumOf(format: OutputFormat, expected: Readonly<Record<string, unknown>>): string {
  return format.format === 'label' ? String(expected[format.field] ?? '') : '';
}

function poolEntry(format: OutputFormat, question: string, example: Example): PoolEntry[] {
  const answer = referenceAnswer(format, example.expected);
  if (answer === null) return [];
  const stratum = stratumOf(format, example.expected);
  return [{ id: example.id, stratum, question: fill(question, example.input), answer }];
}

/** One, two, three, ... for each stratum; doubling where there is one stratum. */
function demonstrationSizes(strata: number, most: number): number[] {
  if (most <= 0 || strata === 0) return [0];
  if (strata > most) return [most];
  if (strata > 1)
    return Array.from({ length: Math.floor(most / strata) }, (_, index) => (index + 1) * strata);
  const doubling = [1, 2, 4, 8, 16, 32].filter((size) => size <= most);
  return doubling.length > 2 ? doubling.slice(1) : doubling;
}
