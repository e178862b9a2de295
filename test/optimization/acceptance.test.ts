import { describe, expect, it } from 'vitest';
import type { ExampleResult } from '../../src/evaluation/scorecard.ts';
import { judgePick } from '../../src/optimization/acceptance.ts';
import { accuracy, metricNamed, results, scorecardOf } from '../evaluation/scripted.ts';

const rules = { confidence: 0.95, minImprovement: 0.02 };

function judged(
  base: readonly ExampleResult[],
  head: readonly ExampleResult[],
  { metrics = [accuracy], ...changed }: Partial<typeof rules> & { metrics?: (typeof accuracy)[] } = {},
) {
  return judgePick(scorecardOf(metrics, base), scorecardOf(metrics, head), metrics, { ...rules, ...changed });
}

/** Right-or-wrong answers to 100 examples: the first `gained` become right, the next `lost` wrong. */
const base = (gained: number) => results('label_accuracy', 100, (index) => (index < gained ? 0 : 1));
const head = (gained: number, lost: number) =>
  results('label_accuracy', 100, (index) => (index >= gained && index < gained + lost ? 0 : 1));

const failing = (count: number) =>
  results(
    'label_accuracy',
    100,
    (index) => (index < count ? null : 1),
    (index) => (index < count ? { failure: 'too long', output: null } : {}),
  );

describe('a pick', () => {
  it('is accepted for a gain that is sure and large enough, with the gain in words', () => {
    const { accepted, reason, comparison } = judged(base(20), head(20, 2));
    expect(accepted).toBe(true);
    expect(reason).toMatch(
      /^The objective gained \+18\.0 points on 100 test examples, 95% interval \+\d.* to \+\d.*\.$/,
    );
    expect(comparison.objective.difference).toBeCloseTo(0.18);
  });

  it('is not when chance may explain the gain', () => {
    const { accepted, reason } = judged(base(6), head(6, 3));
    expect(accepted).toBe(false);
    expect(reason).toMatch(
      /^No improvement: the best candidate gained \+3\.0 points .*which chance may explain\.$/,
    );
  });

  it('is not when it is worse, and the loss is called by its number', () => {
    const { accepted, reason } = judged(head(20, 2), base(20));
    expect(accepted).toBe(false);
    expect(reason).toMatch(/^No improvement: the best candidate changed the objective by −18\.0 points/);
  });

  it('is not when nothing changed', () => {
    expect(judged(base(10), base(10))).toMatchObject({
      accepted: false,
      reason: expect.stringContaining('+0.0 points'),
    });
  });

  it.each([
    [0.18, true],
    [0.181, false],
  ])('that gains 0.18 where %d is asked for: %s', (minImprovement, accepted) => {
    const result = judged(base(20), head(20, 2), { minImprovement });
    expect(result.accepted).toBe(accepted);
    if (!accepted) expect(result.reason).toContain('less than the +18.1 points asked for');
  });

  it('needs a smaller p when more confidence is asked for', () => {
    // 9 gains against 1 loss: p is about 0.015.
    expect(judged(base(9), head(9, 1), { confidence: 0.95 }).accepted).toBe(true);
    expect(judged(base(9), head(9, 1), { confidence: 0.99 }).accepted).toBe(false);
  });

  it('is told with the interval of the confidence that was asked for, by its name', () => {
    const { reason, comparison } = judged(base(20), head(20, 2), { confidence: 0.9 });
    expect(comparison.objective.confidence).toBe(0.9);
    expect(reason).toContain('90% interval');
    expect(judged(base(20), head(20, 2), { confidence: 0.995 }).reason).toContain('99.5% interval');
  });

  it('is not when a gate fails, however large the gain', () => {
    const gated = { ...accuracy, gate: { min: 0.99 } };
    expect(judged(base(20), head(20, 2), { metrics: [gated] })).toMatchObject({
      accepted: false,
      reason: 'No improvement: a gate fails: label_accuracy is 0.98, below the least allowed 0.99.',
    });
  });

  it('is not compared when the prompt as it was failed on too many examples', () => {
    expect(judged(failing(21), head(0, 0))).toMatchObject({
      accepted: false,
      reason: 'No improvement: the prompt as it was failed on 21 of 100 test examples.',
    });
  });

  it('is not accepted on the examples it could answer when it failed on others', () => {
    // Without its 11 failures it would look like a gain of 78 points.
    const poor = results('label_accuracy', 100, (index) => (index % 9 === 0 ? 1 : 0));
    expect(judged(poor, failing(10)).accepted).toBe(true);
    expect(judged(poor, failing(11))).toMatchObject({
      accepted: false,
      reason: 'No improvement: the best candidate failed on 11 of 100 test examples.',
    });
  });

  it('is not accepted on a handful of examples', () => {
    const graded = metricNamed('quality');
    const [low, high] = [results('quality', 9, () => 0.1), results('quality', 9, () => 0.9)];
    expect(judged(low, high, { metrics: [graded] })).toMatchObject({
      accepted: false,
      reason: 'No improvement: only 9 test examples could be compared.',
    });
  });
});
