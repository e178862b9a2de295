import { describe, expect, test } from 'vitest';
import { fittingRows, longestRow, type Splits } from '../../bench/public/rows.ts';
import { optimizedRow, rowLine } from '../../bench/public/table.ts';
import type { Dataset, Example, Split } from '../../src/datasets/dataset.ts';
import { noUsage } from '../../src/models/usage.ts';
import type { OptimizationResult } from '../../src/optimization/optimize.ts';
import type { Prompt } from '../../src/prompts/prompt.ts';

const wordsOf = (text: string) => text.split(/\s+/).filter((word) => word !== '').length;

function promptOf(family: string, question: string, field: string): Prompt {
  return {
    id: `${family}/made-up`,
    family,
    version: '1.0.0',
    description: undefined,
    model: 'embedded/tinyllama-1.1b-chat',
    parameters: {},
    messages: [{ role: 'user', content: question }],
    output: { format: 'text', field },
    alternatives: [],
    path: 'made-up.prompt.yaml',
  };
}

function row(id: string, input: Example['input'], expected: Example['expected']): Example {
  return { id, input, expected, tags: [], cluster: id };
}

/** The same rows in each split. */
function splitsOf(examples: readonly Example[]): Splits {
  const split = (name: Split): Dataset => ({ path: name, split: name, digest: name, examples });
  return { train: split('train'), dev: split('dev'), test: split('test') };
}

const summaries = promptOf('summarization', '{{text}}', 'references');
const ofLength = (words: number, id: string) =>
  row(id, { text: 'word '.repeat(words - 1) }, { references: ['end'] });

describe('the rows of the public data', () => {
  test('a row is left out when its question and answer together have more tokens than fit', () => {
    const fitting = Array.from({ length: 25 }, (_, index) => ofLength(longestRow, `fits-${index}`));
    const rows = [...fitting, ofLength(longestRow + 1, 'long')];
    const { splits, fitting: counts, tokens } = fittingRows(summaries, splitsOf(rows), wordsOf);
    expect(counts).toEqual({ train: 25, dev: 25, test: 25 });
    expect(tokens.most).toBe(longestRow + 1);
    expect(splits?.train.examples).toEqual(fitting);
  });

  test('a family of which too few rows fit is left out, and its line says how long they are', () => {
    const rows = Array.from({ length: 30 }, (_, index) => ofLength(1500, `long-${index}`));
    const found = fittingRows(summaries, splitsOf(rows), wordsOf);
    expect(found.splits).toBeNull();
    expect(rowLine({ id: 'summarization/made-up', metric: 'rouge_l' }, found)).toBe(
      '| made-up | 1,500 / 1,500 / 1,500 | 0 / 0 / 0 | left out |',
    );
  });

  test('of a slow family the same rows are taken at each call, whatever their order', () => {
    const rows = Array.from({ length: 90 }, (_, index) => ofLength(10, `row-${index}`));
    const ids = (examples: readonly Example[]) =>
      fittingRows(summaries, splitsOf(examples), wordsOf).splits?.test.examples.map(({ id }) => id);
    expect(ids(rows)).toHaveLength(30);
    expect(ids(rows.toReversed())).toEqual(ids(rows));
  });

  test('a question without an answer asks for the word that says so, and questions on a passage stay together', () => {
    const prompt = promptOf('answer_generation', '{{context}} {{question}}', 'answers');
    const rows = Array.from({ length: 20 }, (_, index) =>
      row(`q${index}`, { context: 'a passage', question: 'who?' }, { answerable: false, answers: [] }),
    );
    const [first] = fittingRows(prompt, splitsOf(rows), wordsOf).splits?.test.examples ?? [];
    expect(first?.expected).toEqual({ answers: ['unanswerable'] });
    expect(first?.cluster).toBe('a passage');
  });
});

describe('a line of the table', () => {
  const trace = { strategy: 'search', seed: 1, budget: 60, calls: 55, candidates: [], ended: '' } as const;

  test('a search without a pick is no improvement and counts no final measurement', () => {
    const result: OptimizationResult = {
      accepted: false,
      reason: '',
      head: null,
      scorecards: null,
      comparison: null,
      search: { ...trace, dev: { path: '', digest: '', n: 20 } },
      changes: [],
      explanation: [],
      usage: noUsage,
    };
    expect(optimizedRow({ id: 'summarization/scitldr', metric: 'rouge_l' }, result, 40)).toBe(
      '| summarization | scitldr | rouge_l | 40 | 55 | – | – | –: no improvement | – |',
    );
  });
});
