import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutputFormat } from '../../src/formats/format.ts';
import { clarity } from '../../src/metrics/clarity.ts';
import { clarityImprovement } from '../../src/metrics/clarity-improvement.ts';
import { danglingReferences } from '../../src/metrics/dangling-references.ts';
import { createdMetric } from './created-metric.ts';
import { scoreOf } from './metric-input.ts';
import { describeTestSplit } from './shared-datasets.ts';

const text: OutputFormat = { format: 'text', field: 'rewrite' };
const clear = (output: string, options = {}) => scoreOf(createdMetric(clarity, options), text, { output });
const dangling = (said: string) => danglingReferences(said).map(({ written }) => written);

describe('dangling references', () => {
  it.each([
    ['Did he win any literary prizes?', ['he']],
    ['Who was Frances Dickson to her?', []],
    ['Where did David McCullough go when he left school?', []],
    ['What should a patient do when she feels ill?', []],
    ['How did alcohol impact his life, and did he stop?', ['his', 'he']],
    ['After his defeat, where did Anna go?', []],
    ['Besides his voice, what did Boston like?', []],
    ['Besides his voice what is famous?', ['his']],
    ['DID THE ALBUM HELP HIM?', ['him', 'the album']],
    ['Who Was He?', ['he']],
  ])('are pronouns before anything is named or introduced: %s', (said, expected) => {
    expect(dangling(said)).toEqual(expected);
  });

  it.each([
    ['Who did Forest play for after that?', ['that']],
    ['What country is that in?', ['that']],
    ['What country is  that  in ?', ['that']],
    ['Was that the end of Rome?', ['that']],
    ['Who were the pitchers that Boston selected?', []],
    ['Did Angle say that the bank had failed?', []],
    ['Did Anna agree with this plan?', ['this']],
    ['What did those who left Ghent say?', []],
    ['Did Anna go there?', ['there']],
    ['Are there lakes in Ghent?', []],
    ['Did Boston prefer the latter?', ['the latter']],
    ['Which one won in Boston?', ['which one']],
    ['Which one of the Boston teams won?', []],
  ])('are words that point back: %s', (said, expected) => {
    expect(dangling(said)).toEqual(expected);
  });

  it.each([
    ['What else did Anna do?', ['else']],
    ['What else did Anna do besides singing?', []],
    ['Did Anna win any other awards?', ['other']],
    ['Other than the Oscar, did Anna win any awards?', []],
    ['Did Anna and Ben know each other?', []],
  ])('are words that add to nothing: %s', (said, expected) => {
    expect(dangling(said)).toEqual(expected);
  });

  it.each([
    ['And Ghent?', ['and ghent?']],
    ['What about it?', ['it', 'what about it?'].toReversed()],
    ['Why?', ['why?']],
    ['Why did Ghent fall?', []],
  ])('are questions that only go on with another: %s', (said, expected) => {
    expect(dangling(said)).toEqual(expected);
  });

  it('are not found behind a sentence that says what is meant', () => {
    expect(dangling('Lena left Ghent. She never saw it again. This made others sad.')).toEqual([]);
    expect(dangling('She left. Lena never came back.')).toEqual(['she']);
  });

  it('do not include the "it" of what follows', () => {
    expect(dangling('Is it true that cats see in a dark room?')).toEqual([]);
    expect(dangling('How long does it take to boil an egg?')).toEqual([]);
    expect(dangling('How long did it last?')).toEqual(['it']);
  });

  it('are doubtful with "the", where nothing at all is named', () => {
    expect(danglingReferences('Was the musical popular?')).toEqual([{ written: 'the musical', weight: 0.5 }]);
    expect(danglingReferences('Was the musical "Carousel" popular?')).toEqual([]);
    expect(danglingReferences('Was the musical popular in 1922?')).toEqual([]);
    expect(danglingReferences('What is the speed of light?')).toEqual([]);
  });
});

describe('clarity', () => {
  it('is 1 for what stands by itself, question or statement', () => {
    expect(createdMetric(clarity)).toMatchObject({ direction: 'higher', unit: 'ratio', scale: 'graded' });
    for (const output of ['Did Cancer Bats go on tour?', 'Lena Okafor left Ghent in 1922.', 'Paris']) {
      expect(clear(output)).toEqual({ value: 1, feedback: '' });
    }
  });

  it('is halved by one dangling reference, a third with two', () => {
    expect(clear('Did he win any literary prizes?')).toEqual({
      value: 1 / 2,
      feedback: 'refers to what it does not say: "he"',
    });
    expect(clear('What else did he win?').value).toBe(1 / 3);
    expect(clear('Was the musical popular?').value).toBe(1 / 1.5);
  });

  it('loses half the share of vague words', () => {
    expect(clear('Ghent has various interesting things')).toEqual({
      value: 1 - 3 / 5 / 2,
      feedback: 'vague words: "various", "interesting", "things"',
    });
  });

  it('loses with sentences of more than 25 words, by the mean', () => {
    const sentence = (words: number) => `Ghent${' grew'.repeat(words - 1)}.`;
    expect(clear(sentence(25)).value).toBe(1);
    expect(clear(sentence(50))).toEqual({ value: 0.5, feedback: 'a sentence of 50 words' });
    expect(clear(`${sentence(50)} ${sentence(10)}`).value).toBe(0.75);
  });

  it('expects a question mark of a question, and the words of one where a question is wanted', () => {
    expect(clear('When was Ghent founded')).toEqual({
      value: 0.9,
      feedback: 'a question without a question mark',
    });
    expect(clear('Ghent was founded when?').value).toBe(1);
    expect(clear('Ghent was founded early?').value).toBe(0.6);
    expect(clear('Ghent was founded early.').value).toBe(1);
    expect(clear('Ghent was founded early.', { question: true })).toEqual({
      value: 0.9 * 0.6,
      feedback: 'not worded as a question',
    });
    expect(clear('When Anna came, Ghent fell.').value).toBe(1);
  });

  it('scores an answer without a word, or whose field cannot be read, 0', () => {
    for (const output of ['', ' \n', '?!']) {
      expect(clear(output)).toEqual({ value: 0, feedback: 'the answer holds no word' });
    }
    const field = createdMetric(clarity, { field: 'rewrite' });
    expect(scoreOf(field, { format: 'json' }, { output: '{"other": "Ghent"}' }).value).toBe(0);
    expect(scoreOf(field, { format: 'json' }, { output: '{"rewrite": "Ghent"}' }).value).toBe(1);
  });

  it('is in (0, 1] for words, and halves when a name becomes a pronoun', () => {
    const name = fc.constantFrom('Anna', 'Ghent', 'Boston');
    const pronoun = fc.constantFrom('he', 'she', 'it', 'they');
    const rest = fc.array(fc.constantFrom('sing', 'lakes', 'things', 'quickly'), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(name, pronoun, rest, (named, meant, said) => {
        const value = clear(`Did ${named} ${said.join(' ')}?`).value ?? 0;
        expect(value).toBeGreaterThan(0);
        expect(value).toBeLessThanOrEqual(1);
        expect(clear(`Did ${meant} ${said.join(' ')}?`).value).toBeCloseTo(value / 2, 12);
      }),
    );
  });

  it('is in [0, 1] whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.boolean(), (output, question) => {
        const { value } = clear(output, { question });
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('clarity_improvement', () => {
  const improvement = createdMetric(clarityImprovement);
  const improved = (question: string, output: string) =>
    scoreOf(improvement, text, { output, input: { question } });

  it('is half of one and the gain in clarity', () => {
    expect(improvement).toMatchObject({ direction: 'higher', unit: 'ratio', scale: 'graded' });
    expect(improved('Did he tour?', 'Did Muddy Waters tour?')).toEqual({ value: 0.75, feedback: '' });
    expect(improved('Did Muddy Waters tour?', 'Did he tour?')).toEqual({
      value: 0.25,
      feedback: 'refers to what it does not say: "he"',
    });
  });

  it('wants a question for a question, and not for a statement', () => {
    expect(improved('How many viewers did he have', 'He had 3 million viewers.').value).toBeLessThan(0.5);
    expect(improved('Did he tour?', 'Muddy Waters toured.').value).toBeLessThan(
      improved('Did he tour?', 'Did Muddy Waters tour?').value ?? 0,
    );
    expect(improved('He toured.', 'Muddy Waters toured.').value).toBe(0.75);
  });

  it('scores an empty answer 0, as it makes nothing clearer', () => {
    expect(improved('And him?', ' ')).toEqual({ value: 0, feedback: 'the answer holds no word' });
  });

  it('reads the original from the source', () => {
    const other = createdMetric(clarityImprovement, { source: 'query' });
    expect(scoreOf(other, text, { output: 'Ghent', input: { query: 'it' } }).value).toBe(0.75);
    expect(() => scoreOf(other, text, { output: 'Ghent', input: {} })).toThrow('example one: input.query');
  });

  it('is 0.5 for a copy, and two opposite changes cancel out', () => {
    const question = fc.constantFrom(
      'Did he tour?',
      'What else?',
      'Did Anna tour?',
      'Anna toured?',
      'why was it',
    );
    fc.assert(
      fc.property(question, question, (a, b) => {
        expect(improved(a, a).value).toBe(0.5);
        const there = improved(a, b).value ?? 0;
        expect(there).toBeGreaterThan(0);
        expect(there).toBeLessThan(1);
        expect(there + (improved(b, a).value ?? 0)).toBeCloseTo(1, 12);
      }),
    );
  });
});

describeTestSplit('clarity of rewritten questions', 'question_reformulation', (examples) => {
  it('is higher than that of the original for 86 of 100 human rewrites, and lower for none', () => {
    const changes = examples().map(({ input, expected }) => {
      const output = String(expected['rewrite']);
      return scoreOf(createdMetric(clarityImprovement), text, { output, input }).value ?? 0;
    });
    expect(changes).toHaveLength(100);
    expect(changes.filter((change) => change > 0.5)).toHaveLength(86);
    expect(changes.filter((change) => change < 0.5)).toHaveLength(0);
  });
});
