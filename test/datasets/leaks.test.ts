import { describe, expect, it } from 'vitest';
import type { Dataset, Split } from '../../src/datasets/dataset.ts';
import { findLeaks } from '../../src/datasets/leaks.ts';
import { describeError } from '../../src/errors.ts';

type Input = string | Record<string, unknown>;

function dataset(split: Split, ...inputs: Input[]): Dataset {
  const examples = inputs.map((given, index) => ({
    id: `${split}-${index}`,
    input: typeof given === 'string' ? { q: given } : given,
    expected: {},
    tags: [],
    cluster: `${split}-${index}`,
  }));
  return { path: `${split}.yaml`, split, digest: '', examples };
}

const leaks = (train: Input, test: Input) =>
  findLeaks([dataset('train', train), dataset('test', test)]).length;

describe('an example that stands in two splits', () => {
  it('is named where it stands the second time', () => {
    const found = findLeaks([
      dataset('train', 'Hi', 'Play jazz'),
      dataset('dev', 'x'),
      dataset('test', 'y', 'play jazz!'),
    ]);
    expect(found.map(describeError)).toEqual([
      'test.yaml: example "test-1" has the same input as "train-1" of train.yaml. Keep it in one split only: a leak makes scores too good.',
    ]);
  });

  it('is found twice in one split too', () => {
    expect(findLeaks([dataset('train', 'a', 'A.')]).map(describeError)).toEqual([
      'train.yaml: example "train-1" has the same input as "train-0" of train.yaml. Remove one of them.',
    ]);
  });

  it.each<[string, Input, Input]>([
    ['case', 'Play Some Jazz', 'play some jazz'],
    ['punctuation', 'Play some jazz!', 'Play: "some", jazz...'],
    ['spaces', ' Play  some\tjazz ', 'Play some jazz'],
    ['line breaks', 'Play\nsome\r\njazz', 'Play some jazz'],
    ['invisible characters', 'Play\u200b some\u00a0jazz', 'Play some jazz'],
    ['the form of an accent', 'Caf\u00e9', 'Cafe\u0301'],
    ['the width of letters', 'ＡＢＣ', 'abc'],
    ['the order of inputs', { a: 'x', b: 'y' }, { b: 'y', a: 'x' }],
    ['a list', { a: ['X!'] }, { a: ['x'] }],
  ])('is not hidden by %s', (_, train, test) => {
    expect(leaks(train, test)).toBe(1);
  });

  it.each<[string, Input, Input]>([
    ['another word', 'Play some jazz', 'Play some blues'],
    ['another emoji', '👍', '👎'],
    ['another symbol', 'Is 1 < 2?', 'Is 1 > 2?'],
    ['another operation', 'What is 12 - 7?', 'What is 12 / 7?'],
    ['a sign', '-5', '5'],
    ['other punctuation and nothing else', '?', '!'],
    ['another name of the input', { a: 'x' }, { b: 'x' }],
    ['the same words in other inputs', { a: 'x', b: 'y' }, { a: 'y', b: 'x' }],
    ['another language', '音楽', '天気'],
    ['an accent', 'resume', 'résumé'],
  ])('is not seen where there is %s', (_, train, test) => {
    expect(leaks(train, test)).toBe(0);
  });
});
