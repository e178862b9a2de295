import { describe, expect, it } from 'vitest';
import { parseAnswer, renderAnswer } from '../../src/formats/codec.ts';
import type { OutputFormat } from '../../src/formats/format.ts';

const intents = ['PlayMusic', 'GetWeather', 'RateBook'];
const format: OutputFormat = { format: 'label', field: 'intent', labels: intents };
const read = (text: string, labels = intents) =>
  parseAnswer({ format: 'label', field: 'intent', labels }, text, {}).value?.['intent'];

describe('reading a label', () => {
  it('accepts exactly a label, with white space around it', () => {
    expect(parseAnswer(format, ' PlayMusic\n', {})).toEqual({ value: { intent: 'PlayMusic' }, problems: [] });
  });

  it.each([
    'playmusic',
    '"PlayMusic"',
    '**PlayMusic**',
    '`PlayMusic`.',
    'Intent: PlayMusic',
    '**Intent:** PlayMusic',
    'Intent:PlayMusic',
    'Intent:\nPlayMusic',
    '- PlayMusic',
    '## PlayMusic',
    '```\nPlayMusic\n```',
    'PlayMusic\nQuery: what is the weather, GetWeather',
    'The intent of this query is PlayMusic, as a song is named.',
  ])('reads PlayMusic from %j and says what was wrong', (text) => {
    const parsed = parseAnswer(format, text, {});
    expect(parsed.value).toEqual({ intent: 'PlayMusic' });
    expect(parsed.problems).toHaveLength(1);
    expect(parsed.problems[0]).toMatch(/^answer with PlayMusic alone instead of "/);
  });

  it.each(['PlayMovie', 'PlayMusics', 'no idea\nPlayMusic', '```\n```'])('reads nothing from %j', (text) => {
    const parsed = parseAnswer(format, text, {});
    expect(parsed.value).toBeNull();
    expect(parsed.problems[0]).toMatch(/is none of the labels$/);
  });

  it.each(['Café', 'café', 'It is a café, I think.'])('reads %j however its accent is written', (text) => {
    const labels = ['Café', 'Musée'];
    for (const form of ['NFC', 'NFD'] as const) {
      const declared = labels.map((label) => label.normalize(form));
      expect(read(text.normalize('NFC'), declared)).toBe(declared[0]);
      expect(read(text.normalize('NFD'), declared)).toBe(declared[0]);
    }
    const exact = { format: 'label', field: 'intent', labels } as const;
    expect(parseAnswer(exact, 'Café'.normalize('NFD'), {}).problems).toEqual([]);
  });

  it('does not choose between two labels', () => {
    expect(parseAnswer(format, 'RateBook or PlayMusic', {})).toEqual({
      value: null,
      problems: ['"RateBook or PlayMusic" names 2 labels (PlayMusic, RateBook) where one is asked for'],
    });
  });

  it('counts the longer of two labels where one contains the other', () => {
    expect(read('This is sports news', ['news', 'sports news'])).toBe('sports news');
    expect(read('sports news, not other news', ['news', 'sports news'])).toBeUndefined();
  });

  it('keeps apart labels that differ in case or in marks', () => {
    expect(read('"us"', ['US', 'us'])).toBe('us');
    expect(read('Language: C#', ['C', 'C#', 'C++'])).toBe('C#');
    expect(read('Language: C++.', ['C', 'C#', 'C++'])).toBe('C++');
    expect(read('It is C.', ['C', 'C#', 'C++'])).toBe('C');
  });

  it('finds a label in a script without spaces', () => {
    expect(read('これは天気です', ['天気', '音楽'])).toBe('天気');
  });

  it('takes an empty answer for no answer', () => {
    expect(parseAnswer(format, ' \n', {})).toEqual({ value: null, problems: ['the answer is empty'] });
  });

  it('reads the labels from the input field that the format names', () => {
    const fromInput: OutputFormat = { format: 'label', field: 'intent', labelsFrom: 'intents' };
    expect(parseAnswer(fromInput, 'b', { intents: ['A', 'B'] }).value).toEqual({ intent: 'B' });
    expect(() => parseAnswer(fromInput, 'b', { intents: 'A, B' })).toThrow(
      'input.intents is not a list of labels',
    );
  });

  it('takes any label where none are declared', () => {
    const open: OutputFormat = { format: 'label', field: 'topic' };
    expect(parseAnswer(open, 'topic:sports', {})).toEqual({ value: { topic: 'topic:sports' }, problems: [] });
    expect(parseAnswer(open, 'Topic: **sports**\nbecause', {})).toEqual({
      value: { topic: 'sports' },
      problems: ['answer with sports alone instead of "Topic: **sports** because"'],
    });
    expect(parseAnswer(open, '***', {}).value).toBeNull();
  });

  it('has no demonstration for an example without a label', () => {
    expect(renderAnswer(format, { intent: ' RateBook ', slots: [] })).toBe('RateBook');
    expect(() => renderAnswer(format, { label: 'RateBook' })).toThrow('expected.intent is not a label');
  });
});
