import { describe, expect, it } from 'vitest';
import { rankScorecards } from '../../src/evaluation/ranking.ts';
import type { Scorecard } from '../../src/evaluation/scorecard.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { metricNamed, results, scorecardOf } from './scripted.ts';

const quality = metricNamed('quality');

const card = (version: string, n: number, valueAt: (index: number) => number | null): Scorecard =>
  scorecardOf([quality], results('quality', n, valueAt), version);

const rank = (...cards: readonly Scorecard[]) => rankScorecards('colours/name', cards, [quality]);

const verdicts = (ranking: ReturnType<typeof rank>) =>
  ranking.pairs.map(({ head, base, comparison }) => [head, base, comparison.verdict]);

/** Wrong on the rows of one remainder, right on the others. */
const wrongAt = (remainder: number, of: number) => (index: number) => (index % of === remainder ? 0 : 1);

describe('the best of several versions', () => {
  it('is the one that is shown to be better than each other', () => {
    const ranking = rank(
      card('1.0.0', 60, wrongAt(0, 3)),
      card('1.1.0', 60, wrongAt(1, 30)),
      card('1.2.0', 60, wrongAt(0, 4)),
    );
    expect(ranking).toMatchObject({ prompt: 'colours/name', n: 60, best: '1.1.0' });
    expect(ranking.versions.map(({ version }) => version)).toEqual(['1.1.0', '1.2.0', '1.0.0']);
  });

  it('is none where it cannot be told from one other', () => {
    const ranking = rank(
      card('1.0.0', 60, wrongAt(0, 3)),
      card('1.1.0', 60, wrongAt(1, 12)),
      card('1.2.0', 60, wrongAt(5, 10)),
    );
    expect(verdicts(ranking)).toEqual([
      ['1.1.0', '1.2.0', 'inconclusive'],
      ['1.1.0', '1.0.0', 'improvement'],
      ['1.2.0', '1.0.0', 'improvement'],
    ]);
    expect(ranking.best).toBeNull();
  });

  it('needs more evidence the more versions there are', () => {
    const better = card('1.1.0', 60, () => 1);
    // Seven rows of sixty: two-sided p of 1 in 64 by the signs alone.
    const worse = (version: string, from: number) =>
      card(version, 60, (index) => (index >= from && index < from + 7 ? 0 : 1));
    const two = rank(better, worse('1.0.0', 0));
    expect(two.best).toBe('1.1.0');
    const four = rank(better, worse('1.0.0', 0), worse('1.2.0', 10), worse('1.3.0', 20));
    expect(four.best).toBeNull();
    const [first] = four.pairs;
    expect(first?.comparison.p).toBeLessThan(0.05);
    expect(first?.comparison.adjustedP).toBeGreaterThan(0.05);
  });

  it('is none of equal ones, of one alone, or of too few examples', () => {
    const same = card('1.0.0', 60, wrongAt(0, 3));
    const twin = card('1.1.0', 60, wrongAt(0, 3));
    expect(rank(same, twin).best).toBeNull();
    expect(rank(same)).toMatchObject({ pairs: [], best: null });
    expect(
      verdicts(
        rank(
          card('1.0.0', 9, () => 0),
          card('1.1.0', 9, () => 1),
        ),
      ),
    ).toEqual([['1.1.0', '1.0.0', 'insufficient data']]);
  });

  it('is judged on the examples that every version has a value for', () => {
    const random = createRandom('hard rows');
    const isHard = Array.from({ length: 60 }, () => random.next() < 0.4);
    const ranking = rank(
      card('1.0.0', 60, (index) => (isHard[index] ? 0 : 1)),
      // It says nothing of the hard rows, and would look better for it.
      card('1.1.0', 60, (index) => (isHard[index] ? null : 1)),
    );
    expect(ranking.n).toBe(isHard.filter((hard) => !hard).length);
    expect(ranking.versions.map(({ mean }) => mean)).toEqual([1, 1]);
    expect(ranking.best).toBeNull();
  });

  it('is not named against a version that failed on more than a fifth of the examples', () => {
    const failing = results(
      'quality',
      60,
      () => 0,
      (index) => (index % 4 === 0 ? { failure: 'the provider was down', scores: {} } : {}),
    );
    const ranking = rank(
      card('1.1.0', 60, () => 1),
      scorecardOf([quality], failing, '1.0.0'),
    );
    expect(verdicts(ranking)).toEqual([['1.1.0', '1.0.0', 'unreliable baseline']]);
    expect(ranking.best).toBeNull();
  });
});
