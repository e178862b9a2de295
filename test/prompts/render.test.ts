import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fill,
  literal,
  messagePlaceholders,
  placeholders,
  renderMessages,
} from '../../src/prompts/render.ts';
import { refusal } from '../files/scratch.ts';

describe('filling placeholders', () => {
  it('takes each from the input, in every message', () => {
    const messages = [
      { role: 'system' as const, content: 'For {{ team }}.' },
      { role: 'user' as const, content: '{{query}} / {{query}} ({{max-words}})' },
    ];
    expect(messagePlaceholders(messages)).toEqual(['team', 'query', 'max-words']);
    expect(renderMessages(messages, { team: 'search', query: 'jazz?', 'max-words': 3 })).toEqual([
      { role: 'system', content: 'For search.' },
      { role: 'user', content: 'jazz? / jazz? (3)' },
    ]);
  });

  it('writes numbers and booleans as text, zero and false too', () => {
    expect(fill('{{a}} {{b}} {{c}}', { a: 0, b: false, c: '' })).toBe('0 false ');
  });

  it('leaves braces that are no placeholder', () => {
    const text = '{{#if x}} {{a b}} {x} {{}} {"a": {"b": 1}} {{1}}';
    expect(fill(text, {})).toBe(text);
    expect(literal(text)).toBe(true);
    expect(placeholders('{{x}}{{y}}{{x}}')).toEqual(['x', 'y']);
  });

  it.each(['{{b}}', '{{a}}', '$&', '$1', '$$', '$<name>', "$'", '\\1', '{{'])(
    'leaves %s in the data as data',
    (data) => {
      expect(fill('<{{a}}|{{b}}>', { a: data, b: 'B' })).toBe(`<${data}|B>`);
    },
  );

  it('carries any text to the letter', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        expect(fill('x{{a}}y{{ b }}z{{a}}', { a, b })).toBe(`x${a}y${b}z${a}`);
      }),
    );
  });

  it.each([
    ['nothing', {}, 'placeholder {{q}} has no input. The example gives: nothing.'],
    [
      'other names',
      { query: 'x', text: 'y' },
      'placeholder {{q}} has no input. The example gives: query, text.',
    ],
    ['null', { q: null }, 'placeholder {{q}} has no input. The example gives: q.'],
    [
      'a list',
      { q: ['x'] },
      'placeholder {{q}} needs text and the input is a list. Write it out as text in the dataset.',
    ],
    [
      'an object',
      { q: { x: 1 } },
      'placeholder {{q}} needs text and the input is an object. Write it out as text in the dataset.',
    ],
  ])('refuses an input that gives %s', (_, input, message) => {
    expect(refusal(() => fill('{{q}}', input))).toEqual([message]);
  });

  it('does not take what every object has for an input', () => {
    expect(refusal(() => fill('{{toString}}', {}))).toEqual([
      'placeholder {{toString}} has no input. The example gives: nothing.',
    ]);
  });
});
