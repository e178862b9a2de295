import { describe, expect, it } from 'vitest';
import type { FamilyMetric } from '../../src/config/load.ts';
import { changedExamples } from '../../src/evaluation/example-changes.ts';
import type { ExampleChange, ExampleResult } from '../../src/evaluation/scorecard.ts';
import { describeTally, splitChanges } from '../../src/reports/example-changes.ts';
import { acceptedProposal } from './fixtures.ts';

const accuracy: FamilyMetric = {
  metric: {
    name: 'accuracy',
    description: '',
    direction: 'higher',
    unit: 'ratio',
    scale: 'binary',
    score: () => ({ value: 1, feedback: '' }),
  },
  weight: 1,
  gate: {},
};

/** What an evaluation lists when every third of `changed` examples is lost and the others are won. */
function listed(changed: number): readonly ExampleChange[] {
  const ids = Array.from({ length: changed }, (_, index) => String(index));
  const results = (lostValue: number): ExampleResult[] =>
    ids.map((example, index) => ({
      example,
      cluster: example,
      tags: [],
      repeat: 0,
      output: '',
      scores: { accuracy: { value: index % 3 === 0 ? lostValue : 1 - lostValue, feedback: '' } },
    }));
  return changedExamples(
    { output: { format: 'text', field: 'text' } },
    ids.map((id) => ({ id, input: {}, expected: { text: id }, tags: [], cluster: id })),
    [accuracy],
    { base: { results: results(1) }, head: { results: results(0) } },
  );
}

describe('the changes of an evaluation', () => {
  it('are all known below the limit of the list', () => {
    const changes = splitChanges(listed(199), 500, true);
    expect(changes).toMatchObject({ others: 301, complete: true });
    expect(describeTally(changes)).toBe('67 lost, 132 won, 301 unchanged');
  });

  it('claim nothing of the rest where the list may be cut', () => {
    const changes = splitChanges(listed(300), 500, true);
    expect(changes.complete).toBe(false);
    expect(describeTally(changes)).toBe(
      `${changes.lost.length} lost, ${changes.won.length} won, 300 others changed less or not at all`,
    );
  });

  it('are all known where every example changed', () => {
    expect(splitChanges(listed(200), 200, true)).toMatchObject({ others: 0, complete: true });
  });

  it('stand with the worst loss and the largest gain first', () => {
    const { changes, comparison } = acceptedProposal();
    const { lost, won } = splitChanges(changes, comparison?.objective.n ?? 0, true);
    const gains = (members: typeof lost) => members.map(({ base, head }) => head.objective - base.objective);
    expect(gains(lost)).toEqual(gains(lost).toSorted((a, b) => a - b));
    expect(gains(won)).toEqual(gains(won).toSorted((a, b) => b - a));
    expect([lost.length, won.length]).toEqual([4, 54]);
  });

  it('do not call an answer empty that may not have been kept', () => {
    expect(splitChanges([], 0, true).emptyAnswer).toBe('empty');
    expect(splitChanges([], 0, false).emptyAnswer).toBe('empty or not kept');
  });
});
