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
export type PoolEntry = Demonstration & {
  readonly id: string;
  /** The training example it shows in other words than the reference answer's; a prompt never shows one example twice. */
  readonly example?: string;
  /** Demonstrations are balanced over strata: the labels of a label task, else one for all. */
  readonly stratum: string;
};

type Strata = ReadonlyMap<string, readonly string[]>;

/** Everything a search may choose from. */
export type SearchSpace = {
  readonly base: Choices;
  readonly instructions: readonly string[];
  readonly layouts: readonly Layout[];
  /** Numbers of demonstrations, ascending; never 0 unless nothing else is possible. */
  readonly sizes: readonly number[];
  readonly pool: ReadonlyMap<string, PoolEntry>;
  /** Pool ids by stratum. */
  readonly strata: Strata;
  /** Parts of the strata, to one of which a fresh draw keeps; without them it draws from all. */
  readonly voices?: readonly Strata[];
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
  const strata = strataOf(pool);
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
    strata,
  };
}

/** The id of one of the prompt's own demonstrations, by where it stands. */
export function ownId(index: number): string {
  return `own-${index + 1}`;
}

/**
 * The space with answers to training examples in a model's own words beside the reference answers. A fresh draw then shows own words
 * alone, references alone, or both. Entries whose id the pool has already are left out.
 */
export function withAnswers(
  space: SearchSpace,
  answers: readonly PoolEntry[],
  maxDemonstrations: number,
): SearchSpace {
  const fresh = answers.filter(({ id }) => !space.pool.has(id));
  if (fresh.length === 0) return space;
  const references = [...space.pool.values()];
  const pool = [...references, ...fresh];
  const strata = strataOf(pool);
  const shown = new Set(pool.map(exampleOf)).size;
  return {
    ...space,
    sizes: demonstrationSizes(strata.size, Math.min(maxDemonstrations, shown)),
    pool: new Map(pool.map((entry) => [entry.id, entry])),
    strata,
    voices: [strataOf(fresh), space.strata, strata].filter(({ size }) => size > 0),
  };
}

/** The training example an entry shows; a demonstration of the prompt's own stands for itself. */
export function exampleOf({ id, example = id }: PoolEntry): string {
  return example;
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

function strataOf(pool: readonly PoolEntry[]): Strata {
  const groups = Map.groupBy(pool, ({ stratum }) => stratum);
  return new Map([...groups].map(([stratum, entries]) => [stratum, entries.map(({ id }) => id)]));
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
