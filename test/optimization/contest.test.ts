import { describe, expect, it } from 'vitest';
import type { Example } from '../../src/datasets/dataset.ts';
import { Contest, type MeasureRows } from '../../src/optimization/contest.ts';
import type { Choices } from '../../src/optimization/proposal.ts';
import { rowOf } from './measured-row.ts';

const rows = Array.from(
  { length: 20 },
  (_, index): Example => ({
    id: `row-${index}`,
    input: {},
    expected: { label: index % 2 === 0 ? 'even' : 'odd' },
    tags: [],
    cluster: `${index}`,
  }),
);

const draft = (instruction: string, parent: number | null = null) => {
  const choices: Choices = { instruction, layout: 'instruction first', demonstrations: [] };
  return { choices, parent, why: `made as ${instruction}` };
};

/** A contest whose values are given by wording and row; remembers what was asked. */
function contestOf(value: (instruction: string, row: number) => number | null) {
  const asked: string[] = [];
  const measure: MeasureRows = async ({ instruction }, batch) =>
    batch.map((row) => {
      asked.push(`${instruction} ${row.id}`);
      return rowOf(value(instruction, rows.indexOf(row)));
    });
  return { contest: new Contest(rows, measure), asked };
}

describe('a contest', () => {
  it('enters the same choices once', () => {
    const { contest } = contestOf(() => 1);
    expect(contest.enter(draft('a'))).toBe(0);
    expect(contest.enter(draft('b'))).toBe(1);
    expect(contest.enter(draft('a'))).toBeNull();
    expect(contest.entries).toHaveLength(2);
  });

  it('never asks a row twice for one candidate, and counts every call', async () => {
    const { contest, asked } = contestOf(() => 1);
    contest.enter(draft('a'));
    contest.enter(draft('b'));
    await contest.advance(0, 5);
    await contest.advance(1, 5);
    await contest.advance(0, 12);
    await contest.advance(0, 12);
    await contest.advance(0, 7);
    await contest.advance(0, 20);
    expect(asked.length).toBe(new Set(asked).size);
    expect(asked.filter((request) => request.startsWith('a'))).toEqual(rows.map(({ id }) => `a ${id}`));
    expect(contest.calls).toBe(25);
    expect(contest.entries.map((entry) => entry.rows)).toEqual([20, 5]);
  });

  it('puts out a candidate that fails on more than a tenth of its rows', async () => {
    const { contest } = contestOf((instruction, row) => (row < (instruction === 'a' ? 3 : 2) ? null : 1));
    contest.enter(draft('a'));
    contest.enter(draft('b'));
    await contest.advance(0, 20);
    await contest.advance(1, 20);
    const [a, b] = contest.racers();
    expect(a?.effect).toBeNaN();
    expect(b?.effect).toBe(0);
    expect(contest.measured().map(({ id }) => id)).toEqual([1]);
    expect(contest.trace(1).map(({ fate }) => fate)).toEqual(['failed', 'picked']);
    expect(contest.trace(null).map(({ fate }) => fate)).toEqual(['failed', 'raced out']);
  });

  it('has no effect for a candidate that was not measured', async () => {
    const { contest } = contestOf(() => 1);
    contest.enter(draft('a'));
    expect(contest.racers()[0]?.effect).toBeNaN();
    expect(contest.mean(0)).toBeNull();
  });

  it('compares candidates on the rows both have seen', async () => {
    // Late rows are hard for everyone: `a` saw them and is the better one all the same.
    const { contest } = contestOf(
      (instruction, row) => (row < 5 ? 0.5 : 0.1) + (instruction === 'a' ? 0.2 : 0),
    );
    contest.enter(draft('a'));
    contest.enter(draft('b'));
    await contest.advance(0, 20);
    await contest.advance(1, 5);
    expect(contest.mean(0)).toBeLessThan(contest.mean(1) ?? 0);
    const [a, b] = contest.racers();
    expect((a?.effect ?? 0) - (b?.effect ?? 0)).toBeCloseTo(0.2, 3);
  });

  it('knows the strata of the rows that a parent did not get fully right', async () => {
    const { contest } = contestOf((_, row) => [1, 0.5, 0, 1, 0, null, 1][row] ?? 1);
    contest.enter(draft('a'));
    await contest.advance(0, 20);
    const parent = contest.parent(0, ({ expected }) => String(expected['label']));
    expect(parent).toEqual({ id: 0, choices: draft('a').choices, missed: ['odd', 'even', 'even'] });
  });

  it('traces each candidate with its standings in order of calls', async () => {
    const { contest } = contestOf((_, row) => (row < 5 ? 1 : 0));
    contest.enter(draft('a'));
    contest.enter(draft('b', 0));
    await contest.advance(0, 5);
    await contest.advance(1, 5);
    await contest.advance(1, 10);
    expect(contest.trace(null)).toEqual([
      { id: 0, ...draft('a'), standings: [{ calls: 5, rows: 5, mean: 1 }], fate: 'stays' },
      {
        id: 1,
        ...draft('b', 0),
        standings: [
          { calls: 10, rows: 5, mean: 1 },
          { calls: 15, rows: 10, mean: 0.5 },
        ],
        fate: 'raced out',
      },
    ]);
  });

  it('says of the prompt as it was that it raced out only where another was picked', async () => {
    const { contest } = contestOf(() => 1);
    contest.enter(draft('a'));
    contest.enter(draft('b', 0));
    expect(contest.trace(1).map(({ fate }) => fate)).toEqual(['raced out', 'picked']);
    expect(contest.trace(null).map(({ fate }) => fate)).toEqual(['stays', 'raced out']);
  });

  it('refuses a candidate it does not have', async () => {
    const { contest } = contestOf(() => 1);
    await expect(contest.advance(3, 5)).rejects.toThrow(RangeError);
  });
});
