import { describe, expect, it } from 'vitest';
import { porterStem } from '../../src/language/porter-stemmer.ts';
import { rougeTokens } from '../../src/language/rouge-tokens.ts';
import { describeGoldens } from '../metrics/goldens.ts';

describe("Porter's stemmer in NLTK's mode", () => {
  it.each([
    ['trained', 'train'],
    ['training', 'train'],
    ['hopping', 'hop'],
    ['filing', 'file'],
    ['happily', 'happili'],
    ['vietnamization', 'vietnam'],
    ['agreed', 'agre'],
    ['geology', 'geolog'],
    ['controlling', 'control'],
    ['toy', 'toy'],
    ['syzygy', 'syzygi'],
    ['ionically', 'ionic'],
    ['rationally', 'ration'],
    ['hopefulli', 'hope'],
    ['dying', 'die'],
    ['polysyllabled', 'polysyl'],
    ['communion', 'communion'],
    ['adoption', 'adopt'],
    ['aging', 'age'],
    ['dyed', 'dy'],
    ['is', 'is'],
    ['2020s', '2020'],
    ['', ''],
  ])('%s is %s', (word, stem) => {
    expect(porterStem(word)).toBe(stem);
  });
});

type Words = { cases: { word: string; nltk: string }[] };

describeGoldens<Words>("Porter's stemmer", 'porter_nltk.json', (goldens) => {
  it('stems every word as NLTK does', () => {
    const { cases } = goldens();
    expect(cases).toHaveLength(128);
    const stems = cases.map(({ word }) => `${word}: ${porterStem(word)}`);
    expect(stems).toEqual(cases.map(({ word, nltk }) => `${word}: ${nltk}`));
  });
});

describe('the tokens of ROUGE', () => {
  it('are runs of a-z and digits, lower case', () => {
    expect(rougeTokens("The cats' CAFÉ, no. 12", false)).toEqual(['the', 'cats', 'caf', 'no', '12']);
    expect(rougeTokens('…', true)).toEqual([]);
  });

  it('are stemmed from four characters on', () => {
    expect(rougeTokens('his cats gas skies', true)).toEqual(['his', 'cat', 'gas', 'sky']);
  });
});
