import { describe, expect, it } from 'vitest';
import { parseAnswer, renderAnswer } from '../../src/formats/codec.ts';
import type { OutputFormat } from '../../src/formats/format.ts';

const format: OutputFormat = { format: 'lines', field: 'entities', item: '{{name}} ({{type}})' };
const lena = { name: 'Lena Okafor', type: 'person' };
const ghent = { name: 'Ghent', type: 'location' };

describe('reading a list', () => {
  it('reads items as the template writes them', () => {
    expect(parseAnswer(format, 'Lena Okafor (person)\nGhent (location)\n', {})).toEqual({
      value: { entities: [lena, ghent] },
      problems: [],
    });
  });

  it.each([
    ['- Lena Okafor (person)\n- Ghent (location)', 'leave out bullets and numbers'],
    ['1. Lena Okafor (person)\n2) Ghent (location)', 'leave out bullets and numbers'],
    [
      'Here are the entities:\nLena Okafor (person)\nGhent (location)',
      'leave out the introduction "Here are the entities:"',
    ],
    ['```\nLena Okafor (person)\nGhent (location)\n```', 'leave out the code fence'],
    ['Lena Okafor (person), Ghent (location)', 'write one item a line'],
    ['Lena Okafor (person)\n\nGhent (location)', 'write one item a line'],
    [
      'Lena Okafor(person)\nGhent (location)',
      'write each item as {{name}} ({{type}}): "Lena Okafor(person)"',
    ],
    [
      'Lena Okafor (person)\nGhent (location)\nLena Okafor (person)',
      'list each item once: "Lena Okafor (person)"',
    ],
  ])('reads %j and says what was wrong once', (text, problem) => {
    expect(parseAnswer(format, text, {})).toEqual({
      value: { entities: [lena, ghent] },
      problems: [problem],
    });
  });

  it('keeps a line that does not match as the first key', () => {
    expect(parseAnswer(format, 'Lena Okafor\nGhent\nGhent (location)', {})).toEqual({
      value: { entities: [{ name: 'Lena Okafor' }, { name: 'Ghent' }, ghent] },
      problems: ['write each item as {{name}} ({{type}}): "Lena Okafor" (and 1 more)'],
    });
  });

  it('splits at the closing bracket of an item, and at the first of other separators', () => {
    expect(parseAnswer(format, 'Mercury (planet) (location)', {}).value).toEqual({
      entities: [{ name: 'Mercury (planet)', type: 'location' }],
    });
    const notes: OutputFormat = { format: 'lines', field: 'notes', item: '{{term}}: {{meaning}}' };
    expect(parseAnswer(notes, 'ratio: as in 3: 4', {})).toEqual({
      value: { notes: [{ term: 'ratio', meaning: 'as in 3: 4' }] },
      problems: [],
    });
  });

  it('tells an empty list from an empty answer', () => {
    expect(parseAnswer(format, 'none', {})).toEqual({ value: { entities: [] }, problems: [] });
    expect(parseAnswer(format, '- None.', {})).toEqual({
      value: { entities: [] },
      problems: ['write none, not "- None."'],
    });
    expect(parseAnswer(format, '  ', {})).toEqual({ value: null, problems: ['the answer is empty'] });
    expect(parseAnswer(format, '```\n```', {}).value).toBeNull();
    expect(parseAnswer({ ...format, none: 'nothing' }, 'none', {}).value).toEqual({
      entities: [{ name: 'none' }],
    });
  });

  it('splits by a declared separator, and by line breaks with a problem', () => {
    const slots: OutputFormat = { format: 'lines', field: 'keywords', item: '{{.}}', separator: '; ' };
    const value = { keywords: ['jazz', 'late night'] };
    expect(parseAnswer(slots, 'jazz; late night', {})).toEqual({ value, problems: [] });
    expect(parseAnswer(slots, 'jazz\nlate night', {})).toEqual({
      value,
      problems: ['separate the items by "; "'],
    });
  });

  it('reads a line made to be slow', () => {
    const line = `${'('.repeat(200_000)} x`;
    expect(parseAnswer(format, line, {}).value).toEqual({ entities: [{ name: line }] });
  });
});

describe('writing a list', () => {
  it('writes none for an empty list and a repeated item once', () => {
    expect(renderAnswer(format, { entities: [] })).toBe('none');
    expect(renderAnswer(format, { entities: [lena, ghent, lena] })).toBe(
      'Lena Okafor (person)\nGhent (location)',
    );
  });

  it('refuses an example that lacks what the template writes', () => {
    expect(() => renderAnswer(format, {})).toThrow('expected.entities is not a list');
    expect(() => renderAnswer(format, { entities: [{ name: 'Ghent' }] })).toThrow('has no text "type"');
    expect(() => renderAnswer({ ...format, item: '{{.}}' }, { entities: [lena] })).toThrow('is not a text');
  });
});
