import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { describeError } from '../../src/errors.ts';
import type { OutputFormat } from '../../src/formats/format.ts';
import type { MetricDefinition, MetricTools } from '../../src/metrics/definition.ts';
import type { Metric, Score } from '../../src/metrics/metric.ts';
import { ndcg } from '../../src/metrics/ndcg.ts';
import {
  ndcgAt,
  precisionAt,
  reciprocalRank as rankOf,
  recallAt,
} from '../../src/metrics/ranking-measures.ts';
import { reciprocalRank } from '../../src/metrics/reciprocal-rank.ts';
import { retrievalBoost } from '../../src/metrics/retrieval-boost.ts';
import { openCorpus } from '../../src/metrics/retrieval-corpus.ts';
import { retrievalPrecision } from '../../src/metrics/retrieval-precision.ts';
import { retrievalRecall } from '../../src/metrics/retrieval-recall.ts';
import { scoreOf } from './metric-input.ts';
import { noTools } from './no-tools.ts';

type Document = { id: string | number; text: string; title?: string };
type Answered = Parameters<typeof scoreOf>[2];

const text: OutputFormat = { format: 'text', field: 'query' };
const json: OutputFormat = { format: 'json' };

const files: Document[] = [
  { id: 'bees', text: 'Bees make honey from nectar.' },
  { id: 'bears', text: 'Bears eat honey and salmon; a bear sleeps all winter.' },
  { id: 'salmon', text: 'Salmon swim up the river.' },
  { id: 'jazz', title: 'Miles Davis', text: 'A trumpet player.' },
];

const rows = (documents: readonly Document[]) => documents.map((each) => JSON.stringify(each)).join('\n');

function reading(corpus: string): MetricTools {
  return { ...noTools, readText: () => corpus };
}

function over<Options>(
  documents: readonly Document[],
  definition: MetricDefinition<Options>,
  options: Record<string, unknown> = {},
): Metric {
  const chosen = definition.options.parse({ corpus: 'docs/corpus.jsonl', ...options });
  return definition.create(definition.use, chosen, reading(rows(documents)));
}

function searched<Options>(
  definition: MetricDefinition<Options>,
  answered: Answered,
  options: Record<string, unknown> = {},
): Score {
  return scoreOf(over(files, definition, options), text, answered);
}

function failure(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return describeError(error);
  }
  return 'no failure';
}

const definitions = [retrievalPrecision, retrievalRecall, reciprocalRank, ndcg, retrievalBoost];
const question = { question: 'What do they eat?' };

describe('retrieval_precision', () => {
  it('is the relevant share of the first k documents found', () => {
    const expected = { relevant: ['bears', 'bees'] };
    expect(searched(retrievalPrecision, { output: 'honey', expected }, { k: 2 })).toEqual({
      value: 1,
      feedback: '',
    });
    expect(searched(retrievalPrecision, { output: 'river', expected }, { k: 1 })).toEqual({
      value: 0,
      feedback:
        'not among the first 1: bears (Bears eat honey and salmon; a bear sleeps all winter.), bees (Bees make honey from nectar.); found instead: salmon (Salmon swim up the river.)',
    });
  });

  it('divides by k, also where fewer documents are relevant or found', () => {
    const expected = { relevant: ['bees'] };
    expect(searched(retrievalPrecision, { output: 'nectar', expected }, { k: 4 })).toEqual({
      value: 0.25,
      feedback: '',
    });
  });

  it('is binary at 1, the default, and graded beyond', () => {
    expect(over(files, retrievalPrecision).scale).toBe('binary');
    expect(over(files, retrievalPrecision, { k: 2 }).scale).toBe('graded');
  });
});

describe('retrieval_recall', () => {
  it('is the share of the relevant documents among the first k', () => {
    const expected = { relevant: ['bees', 'jazz'] };
    expect(searched(retrievalRecall, { output: 'nectar', expected })).toEqual({
      value: 0.5,
      feedback: 'not among the first 10: jazz (Miles Davis)',
    });
    expect(searched(retrievalRecall, { output: 'nectar, trumpet', expected })).toEqual({
      value: 1,
      feedback: '',
    });
  });

  it('does not blame a query for a k below the number of relevant documents', () => {
    const expected = { relevant: ['bees', 'jazz'] };
    expect(searched(retrievalRecall, { output: 'nectar', expected }, { k: 1 })).toEqual({
      value: 0.5,
      feedback: '',
    });
  });
});

describe('reciprocal_rank', () => {
  it('is one over the rank of the first relevant document', () => {
    const expected = { relevant: ['salmon'] };
    expect(searched(reciprocalRank, { output: 'river', expected })).toEqual({ value: 1, feedback: '' });
    expect(searched(reciprocalRank, { output: 'bear eats salmon', expected })).toEqual({
      value: 0.5,
      feedback:
        'the first relevant document has rank 2; ranked above a more relevant document: bears (Bears eat honey and salmon; a bear sleeps all winter.)',
    });
  });

  it('is 0 where no relevant document is found', () => {
    expect(searched(reciprocalRank, { output: 'honey', expected: { relevant: ['jazz'] } })).toEqual({
      value: 0,
      feedback: 'shares no word with: jazz (Miles Davis)',
    });
  });
});

describe('ndcg', () => {
  it('discounts a gain by the logarithm of its rank', () => {
    const expected = { relevant: ['salmon'] };
    expect(searched(ndcg, { output: 'bear salmon', expected })).toEqual({
      value: 1 / Math.log2(3),
      feedback:
        'ranked above a more relevant document: bears (Bears eat honey and salmon; a bear sleeps all winter.)',
    });
  });

  it('takes graded gains as they are', () => {
    const expected = { relevant: { bears: 1, salmon: 3, jazz: 0 } };
    const { value, feedback } = searched(ndcg, { output: 'bear salmon', expected });
    expect(value).toBeCloseTo((1 + 3 / Math.log2(3)) / (3 + 1 / Math.log2(3)), 12);
    expect(feedback).toMatch(/^ranked above a more relevant document: bears/);
    expect(searched(ndcg, { output: 'river salmon', expected })).toEqual({ value: 1, feedback: '' });
  });

  it('blames the first document above one of greater gain, not one of equal gain', () => {
    const same = ['a', 'b', 'c', 'd'].map((id) => ({ id, text: 'honey' }));
    const answered = { output: 'honey', expected: { relevant: ['a', 'b', 'd'] } };
    expect(scoreOf(over(same, ndcg), text, answered).feedback).toBe(
      'ranked above a more relevant document: c (honey)',
    );
  });

  it('looks at the first k only', () => {
    const expected = { relevant: ['salmon'] };
    expect(searched(ndcg, { output: 'bear salmon', expected }, { k: 1 })).toEqual({
      value: 0,
      feedback:
        'not among the first 1: salmon (Salmon swim up the river.); found instead: bears (Bears eat honey and salmon; a bear sleeps all winter.)',
    });
  });
});

describe('retrieval_boost', () => {
  const expected = { relevant: ['salmon'] };

  it('is 0.5 for the question itself, more for a better query and less for a worse one', () => {
    const input = { question: 'bear salmon' };
    const before = 1 / Math.log2(3);
    const boost = (output: string) => searched(retrievalBoost, { output, expected, input });
    expect(boost('bear salmon')).toMatchObject({
      value: 0.5,
      feedback: expect.stringMatching(/^finds no more than the question; ranked above .*: bears/),
    });
    expect(boost('river')).toEqual({ value: (2 - before) / 2, feedback: '' });
    expect(boost('honey').value).toBeCloseTo((1 - before) / 2, 12);
    expect(boost('honey').feedback).toMatch(/^finds less than the question; not among the first 10: salmon/);
  });

  it('says so where a better query still misses something', () => {
    const { value, feedback } = searched(retrievalBoost, {
      output: 'river',
      expected: { relevant: ['salmon', 'jazz'] },
      input: { question: 'What?' },
    });
    expect(value).toBeGreaterThan(0.5);
    expect(feedback).toBe(
      'finds more than the question, but not all; not among the first 10: jazz (Miles Davis)',
    );
  });

  it('is 0 for silence, also where the question found nothing', () => {
    expect(searched(retrievalBoost, { output: '', expected, input: { question: 'What?' } }).value).toBe(0);
  });

  it('compares with the input field it is told to', () => {
    const answered = { output: 'river', expected, input: { query: 'river' } };
    expect(searched(retrievalBoost, answered, { source: 'query' }).value).toBe(0.5);
    expect(failure(() => searched(retrievalBoost, answered))).toBe(
      'example one: input.question is not a text or a list of texts. Name the input field that holds the text in the metric\'s option "source".',
    );
  });
});

describe('the query of an answer', () => {
  const recall = (options: Record<string, unknown> = {}) => over(files, retrievalRecall, options);
  const expected = { relevant: ['bees', 'salmon'] };

  it('is a text, or the texts of a list together', () => {
    const lines: OutputFormat = { format: 'lines', field: 'terms', item: '{{.}}' };
    expect(scoreOf(recall(), lines, { output: 'nectar\nriver', expected }).value).toBe(1);
    expect(scoreOf(recall(), text, { output: 'nectar', expected }).value).toBe(0.5);
  });

  it('is one field where one is named, else every text', () => {
    const output = '{"keywords": ["nectar"], "rewritten": "a river", "steps": {"text": "trumpet"}}';
    expect(scoreOf(recall(), json, { output, expected }).value).toBe(1);
    expect(scoreOf(recall({ field: 'keywords' }), json, { output, expected }).value).toBe(0.5);
  });

  it.each([
    ['an empty answer', text, ''],
    ['an empty list', { format: 'lines', field: 'query', item: '{{.}}' } as const, 'none'],
    ['a broken answer', json, 'nectar river'],
    ['an answer without the field', json, '{"other": "nectar"}'],
  ])('is missing from %s, which scores 0', (_, format, output) => {
    for (const definition of definitions) {
      const metric = over(files, definition as MetricDefinition, { field: 'query' });
      expect(scoreOf(metric, format, { output, expected, input: question })).toEqual({
        value: 0,
        feedback: 'no query could be read from the answer',
      });
    }
  });

  it('is searched as plain words, whatever a model wrote', () => {
    for (const output of ['__proto__ constructor', 'AND_NOT (*', 'nectar __proto__']) {
      const found = output.includes('nectar') ? 0.5 : 0;
      expect(scoreOf(recall(), text, { output, expected }).value).toBe(found);
    }
  });
});

describe('a corpus', () => {
  const opened = (corpus: string) =>
    failure(() =>
      retrievalRecall.create('r', retrievalRecall.options.parse({ corpus: 'c.jsonl' }), reading(corpus)),
    );
  const good = '{"id": "a", "text": "bees"}';

  it('is named as a file that the scores depend on', () => {
    expect(over(files, ndcg).files).toEqual(['docs/corpus.jsonl']);
  });

  it('is read as JSON Lines; blank lines and further keys are passed over', () => {
    expect(opened(`\n${good}\n\n{"id": 7, "title": "B", "text": "", "url": "x"}\n`)).toBe('no failure');
  });

  it('is refused with file and line', () => {
    expect(opened(`${good}\n{"id": `)).toMatch(
      /^c\.jsonl:2: the line is not JSON\. Each line is one document: /,
    );
    expect(opened(`${good}\n\n{"id": "b"}`)).toBe('c.jsonl:3: "text" is missing');
    expect(opened(`${good}\n${good}`)).toBe('c.jsonl:2: duplicate id "a". Give each document its own id.');
    expect(opened('{"id": "", "text": "x"}')).toMatch(/^c\.jsonl:1: id/);
    expect(opened(' \n')).toMatch(/^c\.jsonl:1: the corpus has no documents\. Write one on each line: /);
  });

  it('is opened once for all metrics that search it', () => {
    expect(openCorpus('a.jsonl', good)).toBe(openCorpus('b.jsonl', good));
  });

  it('is indexed again when its text changes under the same path', () => {
    const answered = { output: 'honey', expected: { relevant: ['a'] } };
    const before = over([{ id: 'a', text: 'honey' }], reciprocalRank);
    const after = over(
      [
        { id: 'a', text: 'wax' },
        { id: 'b', text: 'honey' },
      ],
      reciprocalRank,
    );
    expect(scoreOf(before, text, answered).value).toBe(1);
    expect(scoreOf(after, text, answered).value).toBe(0);
  });

  it('is searched in titles and texts, in any case', () => {
    const expected = { relevant: ['jazz'] };
    expect(searched(reciprocalRank, { output: 'DAVIS', expected }).value).toBe(1);
    expect(searched(reciprocalRank, { output: 'Trumpet', expected }).value).toBe(1);
  });

  it('ranks equal scores by id, whatever the order of its lines', () => {
    const same = ['c', 'a', 'b'].map((id) => ({ id, text: 'honey' }));
    const answered = { output: 'honey', expected: { relevant: ['b'] } };
    expect(scoreOf(over(same, reciprocalRank), text, answered).value).toBe(0.5);
    expect(scoreOf(over(same.toReversed(), reciprocalRank), text, answered).value).toBe(0.5);
  });
});

describe('the relevant documents of an example', () => {
  const scored = (relevant: unknown) => searched(ndcg, { output: 'nectar', expected: { relevant } });

  it('may be numbers, and stand under another name', () => {
    const numbered = over([{ id: 12, text: 'nectar' }], ndcg, { relevant: 'documents' });
    expect(scoreOf(numbered, text, { output: 'nectar', expected: { documents: [12, 12] } }).value).toBe(1);
  });

  it('give no value where there is none, also for an answer without a query', () => {
    for (const definition of definitions) {
      const none = (output: string) =>
        searched(definition as MetricDefinition, { output, expected: { relevant: [] } });
      expect(none('nectar')).toEqual({ value: null, feedback: '' });
      expect(none('')).toEqual({ value: null, feedback: '' });
    }
    expect(scored({ bees: 0 }).value).toBeNull();
  });

  it('are refused where they are no ids of the corpus', () => {
    expect(failure(() => scored(['bees', 'wasps']))).toBe(
      'example one: expected.relevant names "wasps", which is not in docs/corpus.jsonl. Correct the id, or add the document to the corpus.',
    );
    for (const wrong of [undefined, 'bees', [['bees']], { bees: -1 }, { bees: '2' }]) {
      expect(failure(() => scored(wrong))).toMatch(
        /^example one: expected\.relevant is neither a list of ids nor a mapping from ids to gains of 0 or more\. List /,
      );
    }
  });
});

describe('the laws of ranking measures', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g');
  const ranking = fc.uniqueArray(id);
  const relevance = fc
    .uniqueArray(fc.tuple(id, fc.integer({ min: 1, max: 5 })), { minLength: 1, selector: ([name]) => name })
    .map((gains) => new Map(gains));
  const k = fc.integer({ min: 1, max: 8 });
  const measures = [precisionAt, recallAt, ndcgAt];

  it('lie in [0, 1]', () => {
    fc.assert(
      fc.property(k, ranking, relevance, (cut, found, gains) => {
        const values = [...measures.map((measure) => measure(cut, found, gains)), rankOf(found, gains)];
        for (const value of values) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('are best for the relevant documents in the order of their gains', () => {
    fc.assert(
      fc.property(k, ranking, relevance, (cut, found, gains) => {
        const best = [...gains].sort(([, a], [, b]) => b - a).map(([name]) => name);
        expect(ndcgAt(cut, best, gains)).toBe(1);
        expect(rankOf(best, gains)).toBe(1);
        for (const measure of measures) {
          expect(measure(cut, best, gains)).toBeGreaterThanOrEqual(measure(cut, found, gains));
        }
      }),
    );
  });

  it('do not fall when a relevant document moves up', () => {
    fc.assert(
      fc.property(k, ranking, relevance, fc.nat(), (cut, found, gains, at) => {
        const [above, moved] = [found[at % 7], found[(at % 7) + 1]];
        fc.pre(above !== undefined && moved !== undefined && !gains.has(above) && gains.has(moved));
        const better = found.map((each) =>
          each === above ? moved : each === moved ? above : each,
        ) as string[];
        expect(rankOf(better, gains)).toBeGreaterThanOrEqual(rankOf(found, gains));
        for (const measure of measures) {
          expect(measure(cut, better, gains)).toBeGreaterThanOrEqual(measure(cut, found, gains));
        }
      }),
    );
  });

  it('agree: precision times k is recall times the number of relevant documents', () => {
    fc.assert(
      fc.property(k, ranking, relevance, (cut, found, gains) => {
        const hits = precisionAt(cut, found, gains) * cut;
        expect(hits).toBeCloseTo(recallAt(cut, found, gains) * gains.size, 10);
      }),
    );
  });
});

const xquad = path.resolve(import.meta.dirname, '../../../shared/datasets-extra/retrieval_xquad');
const present = existsSync(xquad);

describe.skipIf(!present)(
  present ? 'XQuAD questions as queries' : 'XQuAD questions as queries: SKIPPED, reference data not present',
  () => {
    const read = <T>(file: string, schema: z.ZodType<T>) =>
      z.array(schema).parse(parse(readFileSync(path.join(xquad, file), 'utf8')));
    const mean = (definition: MetricDefinition, options: Record<string, unknown> = {}) => {
      const documents = read('corpus.yaml', z.object({ id: z.string(), text: z.string() }));
      const metric = over(documents, definition, options);
      const queries = read(
        'test.yaml',
        z.object({ input: z.object({ query: z.string() }), expected: z.record(z.string(), z.unknown()) }),
      );
      const values = queries.map(
        ({ input, expected }) => scoreOf(metric, text, { output: input.query, expected }).value ?? Number.NaN,
      );
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    };

    it("have the values of MiniSearch's defaults", () => {
      expect(mean(retrievalPrecision as MetricDefinition, { k: 1 })).toBeCloseTo(0.89, 10);
      expect(mean(retrievalRecall as MetricDefinition, { k: 3 })).toBeCloseTo(0.96, 10);
      expect(mean(reciprocalRank as MetricDefinition)).toBeCloseTo(0.926, 3);
    });
  },
);
