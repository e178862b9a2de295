import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutputFormat } from '../../src/formats/format.ts';
import { queryCoverage } from '../../src/metrics/query-coverage.ts';
import { createdMetric } from './created-metric.ts';
import { scoreOf } from './metric-input.ts';
import { describeTestSplit } from './shared-datasets.ts';

const text: OutputFormat = { format: 'text', field: 'query' };
const coverage = createdMetric(queryCoverage);
const covered = (output: string, keywords: unknown) =>
  scoreOf(coverage, text, { output, expected: { keywords } });

describe('query_coverage', () => {
  it('is the share of key terms that occur', () => {
    expect(coverage).toMatchObject({ direction: 'higher', unit: 'ratio', scale: 'graded' });
    expect(covered('an album in Flow Español', ['album', 'Flow Español', 'jazz', 'playlist'])).toEqual({
      value: 0.5,
      feedback: 'missing key terms: "jazz", "playlist"',
    });
    expect(covered('jazz albums', 'album').value).toBe(1);
  });

  it('compares stems, in any order and case within a term', () => {
    expect(covered('THEATRES of Santikos', ['Santikos Theatre']).value).toBe(1);
    expect(covered('twenty hours', ['20 Hours']).value).toBe(1);
    expect(covered('pawns against gods', ['Gods and Pawns']).value).toBe(1);
  });

  it('wants all content words of a term', () => {
    expect(covered('the theatre', ['Santikos Theatres']).value).toBe(0);
    expect(covered('Santikosh theatres', ['Santikos Theatres']).value).toBe(0);
  });

  it('compares all words of a term that has only function words', () => {
    expect(covered('add it to my list', ['my']).value).toBe(1);
    expect(covered('add it to the list', ['my']).value).toBe(0);
  });

  it('scores an empty answer 0, and has no value where no term is expected', () => {
    expect(covered(' ', ['album'])).toEqual({ value: 0, feedback: 'missing key terms: "album"' });
    expect(covered('album', []).value).toBeNull();
    expect(covered('album', ['?!']).value).toBeNull();
    expect(scoreOf(coverage, text, { output: 'album' })).toEqual({ value: null, feedback: '' });
  });

  it('names an example whose key terms are no texts', () => {
    expect(() => covered('album', [{ name: 'album' }])).toThrow(
      'example one: expected.keywords is not a text',
    );
  });

  it('reads the fields it is told to', () => {
    const named = createdMetric(queryCoverage, { field: 'terms', answerField: 'query' });
    const answered = (output: string) =>
      scoreOf(named, { format: 'json' }, { output, expected: { terms: ['album', 'jazz'] } }).value;
    expect(answered('{"query": ["album", "of jazz"]}')).toBe(1);
    expect(answered('{"query": "album", "why": "jazz"}')).toBe(0.5);
    expect(answered('{"why": "jazz album"}')).toBe(0);
  });

  it('is 1 for the terms themselves in any order, and the share of those given for a part of them', () => {
    const terms = fc.uniqueArray(fc.stringMatching(/^[b-df-hj-np-tv-z]{5,8}$/), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(terms, fc.nat(8), (keywords, some) => {
        expect(covered(keywords.toReversed().join(' '), keywords)).toEqual({ value: 1, feedback: '' });
        const part = keywords.slice(0, some);
        expect(covered(part.join(' '), keywords).value).toBe(part.length / keywords.length);
      }),
    );
  });
});

describeTestSplit('queries of their own key terms', 'query_processing', (examples) => {
  it('covers every one of them', () => {
    const values = examples().map(({ input, expected }) => {
      return scoreOf(coverage, text, { output: String(input['query']), expected }).value;
    });
    expect(values).toHaveLength(100);
    expect(values.every((value) => value === 1)).toBe(true);
  });
});
