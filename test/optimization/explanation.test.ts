import { describe, expect, it } from 'vitest';
import { changedExamples } from '../../src/evaluation/example-changes.ts';
import { explain } from '../../src/optimization/explanation.ts';
import { writePlaybook } from '../../src/optimization/playbook-rules.ts';
import type { Choices } from '../../src/optimization/proposal.ts';
import { buildSpace, withAnswers } from '../../src/optimization/space.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { accuracy, example, measured, metricNamed, prompt, scorecardOf } from '../evaluation/scripted.ts';

const train = ['red', 'green', 'blue'].flatMap((label) =>
  [0, 1].map((index) => example(`${label}${index}`, label)),
);
const taught = {
  ...prompt,
  messages: [
    { role: 'system', content: 'Name the colour.' },
    { role: 'user', content: 'cherry' },
    { role: 'assistant', content: 'red' },
    { role: 'user', content: 'grass' },
    { role: 'assistant', content: 'green' },
    { role: 'user', content: '{{text}}' },
  ] as const,
};
const spaceOf = (of: typeof prompt) =>
  buildSpace(of, train, { maxDemonstrations: 6, random: createRandom(1) });

/** Cards whose calls read so many tokens. */
const reading = (base: number, head: number) => {
  const card = (tokens: number) => ({
    ...scorecardOf([accuracy], []),
    usage: { calls: 10, cached: 0, inputTokens: 10 * tokens, outputTokens: 10, usd: 0, retries: 0 },
  });
  return { base: card(base), head: card(head) };
};

const said = (of: typeof prompt, choices: Partial<Choices>, tokens = reading(50, 50)) => {
  const space = spaceOf(of);
  return explain(space, { ...space.base, ...choices }, tokens);
};

describe('the explanation', () => {
  it('is silent about what stays as it was', () => {
    expect(said(prompt, {})).toEqual([]);
    expect(said(taught, {})).toEqual([]);
  });

  it('says how many demonstrations are shown, and how they spread over the labels', () => {
    expect(said(prompt, { demonstrations: ['red0', 'green0', 'blue0'] })).toEqual([
      'Shows 3 demonstrations from the training split, 1 for each of 3 labels (before: 0).',
    ]);
    expect(said(prompt, { demonstrations: ['red0', 'red1', 'green0'] })).toEqual([
      'Shows 3 demonstrations from the training split, 0 to 2 for each of 3 labels (before: 0).',
    ]);
  });

  it('tells demonstrations of the prompt from those of the training split', () => {
    expect(said(taught, { demonstrations: ['own-2', 'red0', 'blue1'] })).toEqual([
      'Shows 3 demonstrations, 2 of them from the training split, 1 for each of 3 labels (before: 2).',
    ]);
    expect(said(taught, { demonstrations: ['own-2', 'own-1'] })).toEqual([
      'Shows the same demonstrations in another order.',
    ]);
    expect(said(taught, { demonstrations: ['own-1'] })).toEqual([
      'Shows 1 demonstrations, 0 to 1 for each of 3 labels (before: 2).',
    ]);
    expect(said(taught, { demonstrations: [] })).toEqual(['Removes all 2 demonstrations.']);
  });

  it('says what became of the instruction and where it stands', () => {
    expect(said(prompt, { instruction: 'Say it.' })).toEqual(['Words the instruction differently.']);
    expect(said(prompt, { instruction: '', layout: 'instruction last' })).toEqual([
      'Leaves the instruction out.',
    ]);
    expect(said(prompt, { layout: 'instruction last' })).toEqual([
      'Places the instruction in front of the question, after the demonstrations.',
    ]);
    expect(said(taught, { layout: 'one message' })).toEqual([
      'Lists the demonstrations inside the system message.',
    ]);
    expect(said(prompt, { layout: 'one message' })).toEqual([]);
  });

  it('counts the rules that came and went', () => {
    const ruled = (...rules: string[]) => ({
      ...prompt,
      messages: [
        { role: 'system', content: writePlaybook('Name the colour.', rules) },
        { role: 'user', content: '{{text}}' },
      ] as const,
    });
    const of = (...rules: string[]) => ({ instruction: writePlaybook('Name the colour.', rules) });
    expect(said(ruled(), of('Red is red.', 'Be brief.'))).toEqual(['Adds 2 rules to the instruction.']);
    expect(said(ruled('a', 'b'), of('b', 'c'))).toEqual([
      'Adds 1 rule to the instruction.',
      'Takes 1 rule out of the instruction.',
    ]);
    expect(said(ruled('a', 'b'), of('b', 'a'))).toEqual([
      'Gives the rules of the instruction in another order.',
    ]);
    expect(said(ruled('a'), { instruction: writePlaybook('Say it.', ['a', 'b']) })).toEqual([
      'Words the instruction differently.',
      'Adds 1 rule to the instruction.',
    ]);
  });

  it('tells demonstrations in own words from reference answers', () => {
    const space = spaceOf(prompt);
    const answer = {
      id: 'answered-red0',
      example: 'red0',
      stratum: 'red',
      question: 'red0',
      answer: 'It is red.',
    };
    const wider = withAnswers(space, [answer], 6);
    const alone = explain(wider, { ...space.base, demonstrations: ['answered-red0'] }, reading(50, 50));
    expect(alone.at(-1)).toBe("The demonstrations are in a model's own words.");
    const demonstrations = ['answered-red0', 'green0', 'blue0'];
    expect(explain(wider, { ...space.base, demonstrations }, reading(50, 50))).toEqual([
      'Shows 3 demonstrations from the training split, 1 for each of 3 labels (before: 0).',
      "1 of 3 demonstrations is in a model's own words.",
    ]);
  });

  it('says what a call costs now', () => {
    expect(said(prompt, {}, reading(50, 81))).toEqual(['A call reads 81 tokens where it read 50.']);
  });
});

describe('the changed examples', () => {
  const quality = metricNamed('quality');
  const values = (list: readonly (readonly [string, number])[]) =>
    list.map(([id, value]) => measured(id, { quality: value }, { output: `answer ${value}` }));
  const examples = ['a', 'b', 'c', 'd'].map((id) => example(id, 'red'));

  it('are those whose objective changed, up or down, the largest change first', () => {
    const base = scorecardOf(
      [quality],
      values([
        ['a', 0.5],
        ['b', 0.5],
        ['c', 0.9],
        ['d', 0.1],
      ]),
    );
    const head = scorecardOf(
      [quality],
      values([
        ['d', 0.2],
        ['c', 0.1],
        ['b', 0.5],
        ['a', 1],
      ]),
    );
    const changes = changedExamples(prompt, examples, [quality], { base, head });
    expect(changes.map(({ example: id }) => id)).toEqual(['c', 'a', 'd']);
    expect(changes[0]).toEqual({
      example: 'c',
      input: 'c',
      expected: 'red',
      base: { output: 'answer 0.9', objective: 0.9 },
      head: { output: 'answer 0.1', objective: 0.1 },
    });
  });

  it('leave out examples where the model or a metric failed on either side', () => {
    const base = scorecardOf(
      [quality],
      values([
        ['a', 0],
        ['b', 0],
        ['c', 0],
      ]),
    );
    const head = scorecardOf(
      [quality],
      [
        measured('a', {}, { output: null, failure: 'overloaded' }),
        measured('b', { quality: 1 }, { failure: 'metric other: broken' }),
        measured('c', { quality: 1 }),
      ],
    );
    const changes = changedExamples(prompt, examples, [quality], { base, head });
    expect(changes.map(({ example: id }) => id)).toEqual(['c']);
  });
});
