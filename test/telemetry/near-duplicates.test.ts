import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Split } from '../../src/datasets/dataset.ts';
import { loadDataset } from '../../src/datasets/load.ts';
import type { Prompt } from '../../src/prompts/prompt.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { collectCandidates } from '../../src/telemetry/harvest/candidates.ts';
import { selectRows } from '../../src/telemetry/harvest/select.ts';
import { changes, copies, said } from './near-duplicates.ts';

const prompt: Prompt = {
  id: 'desk/reply',
  family: 'desk',
  version: '1.0.0',
  description: undefined,
  model: 'local/model',
  parameters: {},
  messages: [{ role: 'user', content: '{{text}}' }],
  output: { format: 'text', field: 'reply' },
  alternatives: [],
  path: 'prompts/desk/reply.prompt.yaml',
};

const rowOf = (text: string, index: number) => ({
  ...{ id: `row ${index}`, input: { text }, tags: [], cluster: `row ${index}` },
});

/** How many texts that production was asked the harvest takes for near copies: of rows that are there, or of each other. */
function takenForCopies(rows: readonly string[], asked: readonly string[]): number {
  const candidates = collectCandidates();
  for (const text of asked)
    candidates.add({
      ...{ prompt: prompt.id, at: 0, input: { text }, answer: null },
      ...{ failed: true, feedback: null, verdict: null },
    });
  const { left } = selectRows(candidates.list(), {
    ...{ prompts: [prompt], fields: ['text'], existing: rows.map(rowOf), train: [] },
    ...{ declined: new Set<string>(), limit: asked.length },
    redact: (values) => ({ values: [...values], found: new Map() }),
  });
  return left.nearCopies;
}

/** The share of pairs whose second text is taken for a copy of the first. */
function shareTaken(pairs: readonly (readonly [string, string])[]): number {
  const taken = pairs.filter(([row, asked]) => takenForCopies([row], [asked]) === 1);
  return taken.length / pairs.length;
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const told = (of: string, shares: Readonly<Record<string, number>>) =>
  console.info(
    `near duplicates, ${of}: ${Object.entries(shares)
      .map(([kind, share]) => `${kind} ${percent(share)}`)
      .join(', ')}`,
  );
const meanOf = (shares: Readonly<Record<string, number>>) =>
  Object.values(shares).reduce((sum, share) => sum + share, 0) / Object.keys(shares).length;

const PAIRS = 200;

describe.each([
  {
    length: 'long' as const,
    seed: 'measured, two clauses',
    recall: 0.95,
    most: 0.3,
    unseen: [0.8, 1] as const,
  },
  {
    length: 'short' as const,
    seed: 'measured, questions',
    recall: 0.75,
    most: 0.05,
    unseen: [0, 0.2] as const,
  },
])('of our own $length sentences', ({ length, seed, recall, most, unseen }) => {
  const random = createRandom(seed);
  const sentences = Array.from({ length: PAIRS }, () => said(random, length));
  const pairsBy = <Of>(
    kinds: Readonly<Record<string, Of>>,
    make: (kind: Of, of: (typeof sentences)[number]) => string,
  ) =>
    Object.fromEntries(
      Object.entries(kinds).map(([kind, of]) => [
        kind,
        shareTaken(sentences.map((sentence) => [sentence.text, make(of, sentence)])),
      ]),
    );

  it('finds copies that people type', () => {
    const typed = random.fork('copies');
    const found = pairsBy(copies, (copy, { text }) => copy(text, typed));
    if (length === 'long')
      found['clauses in another order'] = shareTaken(sentences.map(({ text, turned }) => [text, turned]));
    told(`${length} copies found`, { ...found, 'all kinds': meanOf(found) });
    expect(meanOf(found)).toBeGreaterThan(recall);
  });

  it('keeps other sentences apart, of the same form too', () => {
    const strangers = random.fork('others');
    const known = sentences.map(({ text }) => text);
    const others = Array.from({ length: PAIRS }, () => said(strangers, length).text).filter(
      (text) => !known.includes(text),
    );
    const taken = takenForCopies(known, others) / others.length;
    told(`${length}, others taken for copies`, { 'among 200 rows': taken });
    expect(taken).toBeLessThan(most);
  });

  it('takes as many texts with another number, name, thing or a denial for copies as docs/harvest.md says', () => {
    const changed = random.fork('changes');
    const taken = pairsBy(changes, (change, sentence) => change(sentence, changed));
    told(`${length} with a change taken for copies`, { ...taken, 'all kinds': meanOf(taken) });
    expect(meanOf(taken)).toBeGreaterThanOrEqual(unseen[0]);
    expect(meanOf(taken)).toBeLessThanOrEqual(unseen[1]);
  });
});

const real = path.resolve(import.meta.dirname, '../../../shared/datasets');
const has = existsSync(real);
const name = has ? 'of questions that people asked' : 'of people: SKIPPED, reference data not present';

describe.skipIf(!has).each([
  { family: 'query_processing', field: 'query', recall: 0.7 },
  { family: 'answer_generation', field: 'question', recall: 0.8 },
])(`${name} ($family)`, ({ family, field, recall }) => {
  const texts = (split: Split): string[] =>
    loadDataset(path.join(real, family, `${split}.yaml`), family, split).examples.map(({ input }) =>
      String(input[field]),
    );

  it('finds copies that others would type, and keeps the questions of others apart', () => {
    const random = createRandom(`measured, ${family}`);
    const rows = texts('train');
    const found = Object.fromEntries(
      Object.entries(copies).map(([kind, copy]) => [
        kind,
        shareTaken(rows.map((text) => [text, copy(text, random)])),
      ]),
    );
    told(`${family}, copies found`, { ...found, 'all kinds': meanOf(found) });
    const others = [...texts('dev'), ...texts('test')].filter((text) => !rows.includes(text));
    const taken = takenForCopies(rows, others) / others.length;
    told(`${family}, others taken for copies`, { [`${others.length} among ${rows.length} rows`]: taken });
    expect(meanOf(found)).toBeGreaterThan(recall);
    expect(taken).toBeLessThan(0.02);
  });
});
