import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sentences } from '../../src/language/sentences.ts';

describe('sentences', () => {
  it('end where Unicode has a sentence end', () => {
    expect(sentences('It rained. Did it? "Yes!" She said so.  Good (very good.) So be it')).toEqual([
      'It rained.',
      'Did it?',
      '"Yes!"',
      'She said so.',
      'Good (very good.)',
      'So be it',
    ]);
  });

  it('do not end inside numbers and addresses', () => {
    expect(sentences('It costs 3.50 at www.example.org today. Then more.')).toHaveLength(2);
  });

  it('end at a line break', () => {
    expect(sentences('A title\n- one\r\n- two e.g.\nLast')).toEqual([
      'A title',
      '- one',
      '- two e.g.',
      'Last',
    ]);
  });

  it('go on before a lower-case letter', () => {
    expect(sentences('Who? me. "Yes!" she said.')).toEqual(['Who? me.', '"Yes!" she said.']);
  });

  it('go on after abbreviations', () => {
    expect(sentences('Dr. Okafor met Prof. The Great. See Fig. A. Some do, e.g. I.')).toEqual([
      'Dr. Okafor met Prof. The Great.',
      'See Fig. A.',
      'Some do, e.g. I.',
    ]);
  });

  it('go on after initials and abbreviations that may end a sentence, unless a stop word follows', () => {
    expect(sentences('J. R. Tolkien wrote. The U.S. Army read Smith et al. (2015) there.')).toEqual([
      'J. R. Tolkien wrote.',
      'The U.S. Army read Smith et al. (2015) there.',
    ]);
    expect(sentences('They moved to the U.S. The others, as Smith et al. We stayed.')).toEqual([
      'They moved to the U.S.',
      'The others, as Smith et al.',
      'We stayed.',
    ]);
  });

  it('know other marks than the English', () => {
    expect(sentences('今日は雨。明日は晴れ！')).toEqual(['今日は雨。', '明日は晴れ！']);
  });

  it('hold the whole text, none blank and none with space around it', () => {
    const part = fc.constantFrom(
      'Dr.',
      'J.',
      'Rain',
      ' ',
      '\n',
      '.',
      '!',
      '(',
      ')',
      'The',
      'u',
      '雨。',
      '\u2029',
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const text = parts.join('');
        const found = sentences(text);
        expect(found.join('').replace(/\s/gu, '')).toBe(text.replace(/\s/gu, ''));
        for (const sentence of found) expect([sentence.trim(), sentence !== '']).toEqual([sentence, true]);
      }),
    );
  });
});
