import { describe, expect, it } from 'vitest';
import { namesAndNumbers, stemsOf, termsOf } from '../../src/metrics/terms.ts';

describe('content words', () => {
  it('carry what people read and what is compared, numbers in digits', () => {
    expect(termsOf('The twelve engines were running')).toEqual([
      { word: '12', stem: '12' },
      { word: 'engines', stem: 'engin' },
      { word: 'running', stem: 'run' },
    ]);
    expect(stemsOf('Run, runs and running: 1,234')).toEqual(new Set(['run', '1234']));
  });
});

describe('names and numbers', () => {
  it.each([
    [
      'capitalised words',
      'In June the harbour of Ghent saw Lena Okafor.',
      ['june', 'ghent', 'lena', 'okafor'],
    ],
    ['not the first word of a sentence', 'Harbours close. Ships wait.', []],
    ['but that too where a name goes on', 'Lena Okafor waits.', ['lena', 'okafor']],
    ['no stop word', 'Then The mayor and I left.', []],
    ['whatever holds a digit', 'built in 1990, twelve of 3rd rank', ['1990', '12', '3rd']],
    ['none in a sentence all in capitals', 'SHIPS WAIT HERE. A ship of NATO waits.', ['nato']],
  ])('are %s', (_, text, words) => {
    expect(namesAndNumbers(text).map(({ word }) => word)).toEqual(words);
  });
});
