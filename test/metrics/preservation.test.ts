import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutputFormat } from '../../src/formats/format.ts';
import { semanticPreservation } from '../../src/metrics/semantic-preservation.ts';
import { createdMetric } from './created-metric.ts';
import { scoreOf } from './metric-input.ts';
import { describeTestSplit } from './shared-datasets.ts';

const text: OutputFormat = { format: 'text', field: 'rewrite' };
const preservation = createdMetric(semanticPreservation);
const input = {
  topic: 'Anna Karlsson',
  history: ['Where was she born?', 'In Ghent, in 1922.'],
  question: 'Did she win any literary prizes?',
};
const kept = (output: string, options = {}) =>
  scoreOf(createdMetric(semanticPreservation, options), text, { output, input });

describe('semantic_preservation', () => {
  it('is 1 for a rewrite that keeps the words, by stem, and names what the context names', () => {
    expect(preservation).toMatchObject({ direction: 'higher', unit: 'ratio', scale: 'graded' });
    expect(kept('Did Anna Karlsson, born in Ghent in 1922, win a literary prize?')).toEqual({
      value: 1,
      feedback: '',
    });
    expect(kept(input.question).value).toBe(1);
  });

  it('falls with each content word that is gone', () => {
    expect(kept('Did Anna Karlsson win?')).toEqual({
      value: 1 / 3,
      feedback: 'words of the original that are gone: "literary", "prizes"',
    });
    expect(kept('Was Anna Karlsson rich?').value).toBe(0);
  });

  it('falls with each name or number from nowhere', () => {
    expect(kept('Did Anna Berg win any literary prizes?')).toEqual({
      value: 0.5,
      feedback: 'names or numbers from nowhere: "berg"',
    });
    expect(kept('Did Anna win any literary prizes in 1935?').value).toBe(0.5);
  });

  it('does not take the first word of a sentence for a name', () => {
    expect(kept('Besides Ghent, did Anna win any literary prizes?').value).toBe(1);
  });

  it('looks only into the context it is told to', () => {
    const rewrite = 'Did Anna of Ghent win any literary prizes?';
    expect(kept(rewrite, { context: ['topic', 'history'] }).value).toBe(1);
    expect(kept(rewrite, { context: ['history'] })).toEqual({
      value: 0.5,
      feedback: 'names or numbers from nowhere: "anna"',
    });
    expect(kept(rewrite, { context: [] }).value).toBe(0);
    expect(() => kept(rewrite, { context: ['dialogue'] })).toThrow(
      'example one: input.dialogue is not a text',
    );
  });

  it('takes names of the original for granted', () => {
    const question = 'Did Anna Karlsson win?';
    const alone = createdMetric(semanticPreservation, { context: [] });
    expect(scoreOf(alone, text, { output: question, input: { question } }).value).toBe(1);
  });

  it('reads the source and the field it is told to', () => {
    const options = { source: 'topic', field: 'rewrite' };
    const json = createdMetric(semanticPreservation, options);
    const answered = (output: string) => scoreOf(json, { format: 'json' }, { output, input }).value;
    expect(answered('{"rewrite": "Who is Anna Karlsson?"}')).toBe(1);
    expect(answered('{"other": "Who is Anna Karlsson?"}')).toBe(0);
  });

  it('scores an empty answer 0, and has no value where the original says nothing', () => {
    expect(kept(' ')).toEqual({ value: 0, feedback: 'the answer is empty' });
    for (const output of ['', 'Who was Anna?']) {
      expect(scoreOf(preservation, text, { output, input: { question: 'Who was she?' } }).value).toBeNull();
    }
  });

  it('is 1 for a copy in any case of its letters, less with a strange name, and in [0, 1] for anything', () => {
    const word = fc.constantFrom('prizes', 'won', 'Ghent', '1922', 'she', 'lake', 'Anna');
    const said = fc.array(word, { minLength: 1, maxLength: 10 }).map((list) => list.join(' '));
    fc.assert(
      fc.property(said, said, (question, other) => {
        const scored = (output: string) => scoreOf(preservation, text, { output, input: { question } }).value;
        fc.pre(scored(question) !== null);
        expect(scored(question)).toBe(1);
        expect(scored(question.toUpperCase())).toBe(1);
        expect(scored(other)).toBeGreaterThanOrEqual(0);
        expect(scored(other)).toBeLessThanOrEqual(1);
        expect(scored(`${question} near Bruges`)).toBeLessThan(1);
      }),
    );
  });
});

describeTestSplit('what human rewrites preserve', 'question_reformulation', (examples) => {
  it('is .95 in the mean, and nothing with the rewrite of another question', () => {
    const all = examples();
    const mean = (rewriteOf: (at: number) => unknown) => {
      const values = all
        .map(({ input }, at) => scoreOf(preservation, text, { output: String(rewriteOf(at)), input }).value)
        .filter((value) => value !== null);
      expect(values).toHaveLength(99);
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    };
    expect(mean((at) => all[at]?.expected['rewrite'])).toBeCloseTo(0.95, 2);
    expect(mean((at) => all[(at + 1) % all.length]?.expected['rewrite'])).toBe(0);
  });
});
