import type { Dataset, Example, Split } from '../../src/datasets/dataset.ts';
import { stableSample } from '../../src/datasets/order.ts';
import { referenceAnswer } from '../../src/formats/reference.ts';
import { dissect } from '../../src/prompts/anatomy.ts';
import type { Prompt } from '../../src/prompts/prompt.ts';
import { fill } from '../../src/prompts/render.ts';
import { shownRows } from './shown-rows.ts';

export type Splits = Readonly<Record<Split, Dataset>>;

/**
 * The most tokens a row may have, its question and its reference answer together: four demonstrations, a question, the instruction
 * and an answer then fit into the 2,048 of the embedded model.
 */
export const longestRow = 256;

/** A family with fewer rows than this in one of its splits is left out. */
const fewestRows = 20;

/** Rows of the families whose answers take seconds each; the others are measured whole. */
const measuredRows: Readonly<Record<string, Readonly<Partial<Record<Split, number>>>>> = {
  answer_generation: { dev: 15, test: 30 },
  question_reformulation: { dev: 20, test: 40 },
  summarization: { dev: 15, test: 30 },
  document_analysis: { dev: 15, test: 30 },
};

/** The splits as a prompt is measured on them, and how long the rows of the data were. */
export type FittingRows = {
  /** Null where too few rows fit. */
  readonly splits: Splits | null;
  /** Of all rows of all splits. */
  readonly tokens: { readonly least: number; readonly median: number; readonly most: number };
  /** Rows that fit, before the sample is taken. */
  readonly fitting: Readonly<Record<Split, number>>;
};

/**
 * Writes the rows out as the prompt reads them, leaves out those of more than {@link longestRow} tokens, and takes a sample of the
 * others by a hash of their ids: the same rows at each call.
 */
export function fittingRows(prompt: Prompt, data: Splits, tokensOf: (text: string) => number): FittingRows {
  const { question } = dissect(prompt.messages, prompt.id);
  const lengthOf = ({ input, expected }: Example) =>
    tokensOf(fill(question, input)) + tokensOf(referenceAnswer(prompt.output, expected) ?? '');
  const lengths: number[] = [];
  const keep = (dataset: Dataset): Dataset => {
    const rows = dataset.examples.map((example) => shownRows[prompt.family]?.(example) ?? example);
    const measured = rows.map((example) => ({ example, tokens: lengthOf(example) }));
    lengths.push(...measured.map(({ tokens }) => tokens));
    const examples = measured.filter(({ tokens }) => tokens <= longestRow).map(({ example }) => example);
    return { ...dataset, examples };
  };
  const kept = { train: keep(data.train), dev: keep(data.dev), test: keep(data.test) };
  const counts = {
    train: kept.train.examples.length,
    dev: kept.dev.examples.length,
    test: kept.test.examples.length,
  };
  const sample = (dataset: Dataset): Dataset => {
    const limit = measuredRows[prompt.family]?.[dataset.split] ?? dataset.examples.length;
    return { ...dataset, examples: stableSample(dataset.examples, limit, () => '') };
  };
  const fits = Math.min(...Object.values(counts)) >= fewestRows;
  return {
    splits: fits ? { train: sample(kept.train), dev: sample(kept.dev), test: sample(kept.test) } : null,
    tokens: spread(lengths),
    fitting: counts,
  };
}

function spread(lengths: readonly number[]): FittingRows['tokens'] {
  const sorted = [...lengths].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  return { least: at(0), median: at(0.5), most: at(1) };
}
