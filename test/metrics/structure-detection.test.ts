import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { describeError } from '../../src/errors.ts';
import { mergeCounts } from '../../src/evaluation/samples.ts';
import type { OutputFormat } from '../../src/formats/format.ts';
import type { Metric, Score } from '../../src/metrics/metric.ts';
import { structureDetection } from '../../src/metrics/structure-detection.ts';
import { scoreOf } from './metric-input.ts';
import { noTools } from './no-tools.ts';

const json: OutputFormat = { format: 'json' };
const create = (options: Record<string, unknown> = {}): Metric =>
  structureDetection.create('structure_detection', structureDetection.options.parse(options), noTools);

function scored(expected: unknown, predicted: unknown, options: Record<string, unknown> = {}): Score {
  const output = JSON.stringify({ structure: predicted });
  return scoreOf(create(options), json, { output, expected: { structure: expected } });
}

describe('structure_detection', () => {
  it('is the share of sentences with the right label, in any case', () => {
    expect(
      scored(['background', 'method', 'result', 'result'], ['Background', 'result', ' RESULT', 'method']),
    ).toEqual({
      value: 0.5,
      counts: {
        background: { hits: 1, predicted: 1, expected: 1 },
        method: { hits: 0, predicted: 1, expected: 1 },
        result: { hits: 1, predicted: 2, expected: 2 },
      },
      feedback: 'wrong labels: sentence 2 is "method", not "result", sentence 4 is "result", not "method"',
    });
  });

  it('counts labels too few or too many as errors', () => {
    expect(scored(['method', 'result'], ['method'])).toEqual({
      value: 0.5,
      counts: {
        method: { hits: 1, predicted: 1, expected: 1 },
        result: { hits: 0, predicted: 0, expected: 1 },
        '': { hits: 0, predicted: 1, expected: 0 },
      },
      feedback: 'labels given: 1, sentences: 2',
    });
    expect(scored(['method'], ['method', 'result', 'result', 'result'])).toMatchObject({
      value: 0.25,
      feedback: 'labels given: 4, sentences: 1',
    });
  });

  it('aligns by position: one label left out shifts the others', () => {
    expect(scored(['background', 'method', 'result'], ['method', 'result'])).toMatchObject({
      value: 0,
      feedback:
        'labels given: 2, sentences: 3; wrong labels: sentence 1 is "background", not "method", sentence 2 is "method", not "result"',
    });
  });

  it('reads items with a label, for formats that list an item once', () => {
    const lines: OutputFormat = { format: 'lines', field: 'structure', item: '{{sentence}}: {{label}}' };
    const structure = ['method', 'method', 'result'].map((label, i) => ({ sentence: `${i + 1}`, label }));
    const output = '1: method\n2: method\n3: method';
    expect(scoreOf(create(), lines, { output, expected: { structure } }).value).toBeCloseTo(2 / 3);
  });

  it('takes an item without a label for an error', () => {
    expect(scored(['method', 'result'], [null, 'result'])).toMatchObject({
      value: 0.5,
      feedback: 'wrong labels: sentence 1 is "method", not ""',
    });
  });

  it('is 0 for silence and for an answer that cannot be read, in pooled counts too', () => {
    for (const output of ['', 'method', '{"structure": "method"}', '{"structure": []}', '{}']) {
      for (const average of ['accuracy', 'macro_f1']) {
        const metric = create({ average });
        const score = scoreOf(metric, json, { output, expected: { structure: ['method'] } });
        expect(score.value).toBe(0);
        expect(metric.pool?.(score.counts ?? {})).toBe(0);
      }
    }
    expect(scored(['method'], 'method').feedback).toBe('no list "structure" could be read from the answer');
    expect(scored(['method'], []).feedback).toBe('labels given: 0, sentences: 1');
  });

  it('has no value where there is no sentence', () => {
    expect(scored([], ['method'])).toEqual({ value: null, feedback: '' });
  });

  it('names an example whose labels cannot be compared', () => {
    const failure = (structure: unknown) => {
      try {
        return scored(structure, []).feedback;
      } catch (error) {
        return describeError(error);
      }
    };
    expect(failure('method')).toMatch(/^example one: expected\.structure is not a list/);
    expect(failure(['method', ' '])).toMatch(
      /^example one: an item of expected\.structure has no label\. Make /,
    );
  });
});

describe('structure_detection over a dataset', () => {
  const answers = [
    scored(['method'], ['method']),
    scored(['result', 'method', 'method'], ['method', 'method']),
  ];
  const counts = mergeCounts(answers.map((answer) => answer.counts ?? {}));

  it('is the share of all sentences', () => {
    expect(create().pool?.(counts)).toBe(0.5);
  });

  it('is the mean over labels of their F1 with macro_f1; a missing label is none of them', () => {
    expect(create({ average: 'macro_f1' }).pool?.(counts)).toBeCloseTo((4 / 6 + 0) / 2, 12);
  });

  it('takes any word of a model for a label', () => {
    const strange = scored(['constructor', 'method'], ['constructor', '__proto__']);
    expect(create().pool?.(mergeCounts([strange.counts ?? {}]))).toBe(0.5);
    expect(create({ average: 'macro_f1' }).pool?.(mergeCounts([strange.counts ?? {}]))).toBeCloseTo(
      1 / 3,
      12,
    );
  });
});

describe.each(['accuracy', 'macro_f1'])('the laws of structure_detection by %s', (average) => {
  const label = fc.constantFrom('background', 'Method', 'result', '__proto__');
  const labels = fc.array(label, { maxLength: 8 });
  const someLabels = fc.array(label, { minLength: 1, maxLength: 8 });

  it('lies in [0, 1], and is 1 for the reference in any case and only for it', () => {
    fc.assert(
      fc.property(someLabels, labels, (expected, predicted) => {
        const { value } = scored(expected, predicted, { average });
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        expect(value === 1).toBe(expected.join() === predicted.join());
        const shouted = expected.map((each) => each.toUpperCase());
        expect(scored(expected, shouted, { average })).toMatchObject({ value: 1, feedback: '' });
      }),
    );
  });

  it('falls when a label is added to the right ones or left out', () => {
    fc.assert(
      fc.property(someLabels, label, (expected, more) => {
        expect(scored(expected, [...expected, more], { average }).value).toBeLessThan(1);
        expect(scored(expected, expected.slice(0, -1), { average }).value).toBeLessThan(1);
      }),
    );
  });
});

it('structure_detection by accuracy is the mean of the examples, weighed by their sentences', () => {
  const labels = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.array(fc.tuple(labels, labels), { minLength: 1, maxLength: 5 }), (pairs) => {
      const scores = pairs.map(([expected, predicted]) => scored(expected, predicted));
      const lengths = pairs.map(([expected, predicted]) => Math.max(expected.length, predicted.length));
      const right = scores.reduce((sum, { value }, i) => sum + (value ?? Number.NaN) * (lengths[i] ?? 0), 0);
      const pooled = create().pool?.(mergeCounts(scores.map(({ counts }) => counts ?? {})));
      expect(pooled).toBeCloseTo(right / lengths.reduce((sum, length) => sum + length, 0), 10);
    }),
  );
});

const abstracts = path.resolve(import.meta.dirname, '../../../shared/datasets/document_analysis/test.yaml');
const present = existsSync(abstracts);

describe.skipIf(!present)(
  present ? 'CSAbstruct by the majority label' : 'CSAbstruct: SKIPPED, reference data not present',
  () => {
    it('has the floor of the data set, all sentences together', () => {
      const rows = z
        .array(z.object({ expected: z.object({ structure: z.array(z.string()) }) }))
        .parse(parse(readFileSync(abstracts, 'utf8')));
      const scores = rows.map(({ expected }) =>
        scored(
          expected.structure,
          expected.structure.map(() => 'background'),
        ),
      );
      const pooled = create().pool?.(mergeCounts(scores.map(({ counts }) => counts ?? {})));
      expect(pooled).toBeCloseTo(229 / 630, 12);
      expect(pooled).toBeCloseTo(0.3635, 4);
    });
  },
);
