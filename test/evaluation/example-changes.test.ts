import { expect, it } from 'vitest';
import { changedExamples } from '../../src/evaluation/example-changes.ts';
import { example, measured, metricNamed, prompt } from './scripted.ts';

const quality = metricNamed('quality');
const rows = [example('a', 'red'), example('b', 'red')];
/** Each example three times. */
const repeated = (a: readonly number[], b: readonly number[]) => ({
  results: [0, 1, 2].flatMap((repeat) => [
    measured('a', { quality: a[repeat] ?? 0 }, { repeat, output: `a${repeat}` }),
    measured('b', { quality: b[repeat] ?? 0 }, { repeat, output: `b${repeat}` }),
  ]),
});

it('compares the means over repeats, whatever each single answer was', () => {
  const base = repeated([1, 0, 0], [1, 1, 0]);
  const head = repeated([0, 0, 1], [1, 1, 1]);
  const changes = changedExamples(prompt, rows, [quality], { base, head });
  expect(changes).toEqual([
    expect.objectContaining({
      example: 'b',
      base: { output: 'b0', objective: expect.closeTo(2 / 3) },
      head: { output: 'b0', objective: 1 },
    }),
  ]);
});

it('takes the same answers in another order for no change', () => {
  const base = repeated([0.1, 0.2, 0.3], [1, 1, 1]);
  const head = repeated([0.3, 0.2, 0.1], [1, 1, 1]);
  expect(changedExamples(prompt, rows, [quality], { base, head })).toEqual([]);
});
