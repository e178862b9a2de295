import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeError } from '../../src/errors.ts';
import { weightedKappa } from '../../src/metrics/agreement.ts';
import { judge } from '../../src/metrics/judge.ts';
import type { Metric } from '../../src/metrics/metric.ts';
import { noTools } from './no-tools.ts';
import { scriptedJudge } from './scripted-judge.ts';

const basic = { rubric: 'Good answers are polite.', choices: { good: 1, partly: 0.5, bad: 0 } };

function created(options: Record<string, unknown>, tools = noTools): Metric {
  return judge.create('politeness', judge.options.parse(options), tools);
}

describe('calibration against labels that people gave', () => {
  const row = (output: string, label: string) => JSON.stringify({ input: { q: 'Hi?' }, output, label });
  const file = ['a good', 'b good', 'c bad', 'd partly'].map((each) =>
    row(...(each.split(' ') as [string, string])),
  );
  const options = { ...basic, calibration: 'labels.jsonl' };
  const calibrated = (answer: (output: string) => string, rows: readonly string[], more = {}) => {
    const scripted = scriptedJudge(({ material }) => answer(/answer\]\]\n(.*)\n/.exec(material)?.[1] ?? ''), {
      'labels.jsonl': `${rows.join('\n')}\n`,
    });
    return created({ ...options, ...more }, scripted.tools).calibrate?.();
  };

  it('is absent without labels', () => {
    expect(created(basic).calibrate).toBeUndefined();
  });

  it('gives the share of equal labels and kappa by the difference of scores', async () => {
    const verdicts: Record<string, string> = { a: 'good', b: 'partly', c: 'bad', d: 'partly' };
    const result = await calibrated((output) => `VERDICT: ${verdicts[output]}`, file);
    // Observed disagreement 0.5 / 4; by chance the 16 pairs of labels differ by 7 in sum.
    expect(result).toEqual({
      agreement: 0.75,
      kappa: expect.closeTo(1 - 0.5 / 4 / (7 / 16), 12),
      n: 4,
      unread: 0,
      usage: { calls: 4, cached: 0, inputTokens: 40, outputTokens: 8, usd: 0.004, retries: 0 },
    });
  });

  it('counts a row without a verdict against the agreement, and says how many there are', async () => {
    const result = await calibrated((output) => (output === 'a' ? 'hm' : 'VERDICT: good'), file.slice(0, 2));
    expect(result).toMatchObject({ agreement: 0.5, kappa: null, n: 2, unread: 1, usage: { calls: 2 } });
  });

  it('takes a mean over repeats for the nearest label', async () => {
    const scripted = scriptedJudge(({ repeat }) => `VERDICT: ${repeat === 0 ? 'bad' : 'good'}`, {
      'labels.jsonl': row('d', 'partly'),
    });
    const metric = created({ ...options, repeats: 3 }, scripted.tools);
    expect(await metric.calibrate?.()).toMatchObject({ agreement: 1, n: 1 });
  });

  it.each([
    ['{', 'labels.jsonl:2: the line is not JSON'],
    [row('a', 'superb'), 'labels.jsonl:2: label: '],
    ['{"output": "a", "label": "good"}', 'labels.jsonl:2: '],
  ])('names the line of a row that is none: %s', (bad, message) => {
    const { tools } = scriptedJudge(() => '', { 'labels.jsonl': `${row('a', 'good')}\n${bad}\n` });
    const failure = () => {
      try {
        created(options, tools);
      } catch (error) {
        return describeError(error);
      }
      return 'no failure';
    };
    expect(failure()).toContain(message);
  });

  it('refuses a file without rows', () => {
    const { tools } = scriptedJudge(() => '', { 'labels.jsonl': '\n' });
    expect(() => created(options, tools)).toThrow('the file has no rows');
  });
});

describe("Cohen's kappa with linear weights", () => {
  const pairsOf = (counts: readonly (readonly [people: number, judge: number, times: number])[]) =>
    counts.flatMap(([people, given, times]) =>
      Array.from({ length: times }, () => ({ people, judge: given })),
    );

  it('is the plain kappa of two labels', () => {
    // The textbook table 20, 5, 10, 15: observed 0.7, by chance 0.5.
    expect(
      weightedKappa(
        pairsOf([
          [1, 1, 20],
          [1, 0, 5],
          [0, 1, 10],
          [0, 0, 15],
        ]),
      ),
    ).toBeCloseTo(0.4, 12);
  });

  it('has no value where chance cannot disagree', () => {
    expect(weightedKappa([])).toBeNull();
    expect(weightedKappa(pairsOf([[1, 1, 9]]))).toBeNull();
  });

  it('is 1 for equal labels, at most 1, and symmetric', () => {
    const score = fc.constantFrom(0, 0.5, 1);
    const pairs = fc.array(fc.record({ people: score, judge: score }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(pairs, (given) => {
        const kappa = weightedKappa(given);
        const swapped = weightedKappa(
          given.map(({ people, judge: other }) => ({ people: other, judge: people })),
        );
        expect(swapped).toEqual(kappa === null ? null : expect.closeTo(kappa, 12));
        expect(kappa ?? 0).toBeLessThanOrEqual(1);
        expect(kappa ?? 0).toBeGreaterThanOrEqual(-1);
        const same = weightedKappa(given.map(({ people }) => ({ people, judge: people })));
        expect(same ?? 1).toBe(1);
      }),
    );
  });
});
