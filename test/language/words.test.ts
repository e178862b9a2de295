import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentWords, words } from '../../src/language/words.ts';

describe('words', () => {
  it('are the runs of letters and digits, lower case, in order', () => {
    expect(words('The 2 Beta-Cells (of Ångström) cost 3.50!')).toEqual([
      'the',
      '2',
      'beta',
      'cells',
      'of',
      'ångström',
      'cost',
      '3',
      '50',
    ]);
    expect(words(' -- ')).toEqual([]);
  });

  it('keep marks with their letters, and unify compatibility characters', () => {
    expect(words('हिन्दी भाषा')).toEqual(['हिन्दी', 'भाषा']);
    expect(words('cafe\u0301')).toEqual(['caf\u00e9']);
    expect(words('ﬁne Ⅳ')).toEqual(['fine', 'iv']);
  });

  it('are single characters in scripts without spaces', () => {
    expect(words('東京の3x塔')).toEqual(['東', '京', 'の', '3x', '塔']);
    expect(words('ก้า')).toEqual(['ก้', 'า']);
  });

  it('do not depend on case', () => {
    const letter = fc.constantFrom('Å', 'I', 'z', 'Ж', 'Δ', '-', ' ', '7', '東');
    fc.assert(
      fc.property(fc.string({ unit: letter }), (text) => {
        expect(words(text.toLowerCase())).toEqual(words(text));
      }),
    );
  });

  it('do not depend on the letters being composed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(words(text.normalize('NFD'))).toEqual(words(text.normalize('NFC')));
      }),
    );
  });

  it('are found again in the text they make', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(words(words(text).join(' '))).toEqual(words(text));
      }),
    );
  });
});

describe('content words', () => {
  it('leave out English stop words', () => {
    expect(contentWords('The model is trained on all of the data, and it was fast')).toEqual([
      'model',
      'trained',
      'data',
      'fast',
    ]);
    expect(contentWords('This is it')).toEqual([]);
  });

  it('leave out contractions, with either apostrophe', () => {
    expect(contentWords("She couldn't say what's Ada's, and they’ll wait")).toEqual(['say', 'ada', 'wait']);
  });

  it('keep single letters that belong to no contraction', () => {
    expect(contentWords('vitamin D, T cells, O’Brian')).toEqual(['vitamin', 'd', 't', 'cells', 'o', 'brian']);
  });

  it('are words of the text, in its order', () => {
    const text = fc
      .array(fc.constantFrom('The', 'cat', "isn't", 'of', 'Ada’s', 'mat.', '東京'))
      .map((parts) => parts.join(' '));
    fc.assert(
      fc.property(text, (sample) => {
        const rest = words(sample).values();
        for (const word of contentWords(sample)) expect(rest.some((each) => each === word)).toBe(true);
      }),
    );
  });
});
