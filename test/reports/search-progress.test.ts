import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CandidateTrace, Standing } from '../../src/optimization/proposal.ts';
import { bestSoFar, rankCandidates, sampleSteps } from '../../src/reports/search-progress.ts';

function candidate(
  id: number,
  standings: readonly Standing[],
  fate: CandidateTrace['fate'] = 'raced out',
): CandidateTrace {
  const choices = { instruction: '', layout: 'instruction first' as const, demonstrations: [] };
  return { id, parent: null, why: '', choices, standings, fate };
}

describe('bestSoFar', () => {
  it('steps up as better candidates are known, and follows a leader that falls back', () => {
    const steps = bestSoFar([
      candidate(0, [{ calls: 8, rows: 8, mean: 0.4 }]),
      candidate(1, [
        { calls: 16, rows: 8, mean: 0.7 },
        { calls: 40, rows: 16, mean: 0.6 },
      ]),
      candidate(2, [{ calls: 24, rows: 8, mean: 0.5 }]),
    ]);
    expect(steps).toEqual([
      { calls: 8, mean: 0.4, candidate: 0 },
      { calls: 16, mean: 0.7, candidate: 1 },
      { calls: 40, mean: 0.6, candidate: 1 },
    ]);
  });

  it('does not let a lucky start on a few rows lead', () => {
    const steps = bestSoFar([
      candidate(0, [{ calls: 60, rows: 60, mean: 0.5 }]),
      candidate(1, [{ calls: 64, rows: 4, mean: 1 }]),
    ]);
    expect(steps.map(({ mean }) => mean)).toEqual([0.5]);
  });

  it('gives one step for one moment', () => {
    const steps = bestSoFar([
      candidate(0, [{ calls: 8, rows: 8, mean: 0.4 }]),
      candidate(1, [{ calls: 8, rows: 8, mean: 0.6 }]),
    ]);
    expect(steps).toEqual([{ calls: 8, mean: 0.6, candidate: 1 }]);
  });

  it('is always a mean some candidate had, in order of calls', () => {
    const standing = fc.record({
      calls: fc.integer({ min: 1, max: 500 }),
      rows: fc.integer({ min: 1, max: 60 }),
      mean: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(fc.array(standing, { maxLength: 5 }), { maxLength: 6 }), (traces) => {
        const steps = bestSoFar(traces.map((standings, id) => candidate(id, standings)));
        const known = new Set(traces.flat().map(({ mean }) => mean));
        expect(steps.every(({ mean }) => known.has(mean))).toBe(true);
        const calls = steps.map((step) => step.calls);
        expect(new Set(calls).size).toBe(calls.length);
        expect(calls).toEqual([...calls].sort((a, b) => a - b));
      }),
    );
  });
});

describe('sampleSteps', () => {
  it('reads a step line at even distances, both ends included', () => {
    const steps = [
      { calls: 10, mean: 0.2, candidate: 0 },
      { calls: 30, mean: 0.5, candidate: 1 },
    ];
    expect(sampleSteps(steps, 50, 5)).toEqual([0.2, 0.2, 0.5, 0.5, 0.5]);
    expect(sampleSteps([], 50, 5)).toEqual([]);
  });
});

describe('rankCandidates', () => {
  it('puts the pick first, then those measured on most rows, then the best', () => {
    const ranked = rankCandidates([
      candidate(0, [{ calls: 9, rows: 60, mean: 0.4 }]),
      candidate(1, []),
      candidate(2, [{ calls: 9, rows: 60, mean: 0.5 }]),
      candidate(3, [{ calls: 9, rows: 8, mean: 0.9 }]),
      candidate(4, [{ calls: 9, rows: 60, mean: 0.45 }], 'picked'),
    ]);
    expect(ranked.map(({ id }) => id)).toEqual([4, 2, 0, 3, 1]);
  });
});
