import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutputFormat } from '../../src/formats/format.ts';
import { answerRelevance } from '../../src/metrics/answer-relevance.ts';
import { answerTypeOf, holdsType } from '../../src/metrics/answer-type.ts';
import { completeness } from '../../src/metrics/completeness.ts';
import { contextPrecision } from '../../src/metrics/context-precision.ts';
import { createdMetric } from './created-metric.ts';
import { scoreOf } from './metric-input.ts';
import { describeTestSplit } from './shared-datasets.ts';

const text: OutputFormat = { format: 'text', field: 'answer' };
const json: OutputFormat = { format: 'json' };
const sentence = fc.lorem({ maxCount: 12 });

describe('answer_relevance by words', () => {
  const relevance = (question: string, output: string, options: Record<string, unknown> = {}) =>
    scoreOf(createdMetric(answerRelevance, options), text, { output, input: { question } });

  it.each([
    ['How many stations has the city?', 'twelve', 'green ones'],
    ['How much of it was lost?', 'most', 'the harbour'],
    ['When was the harbour closed?', 'in June 1990', 'by the mayor'],
    ['In what year did it open?', '1990', 'Ghent'],
    ['Who closed the harbour?', 'the mayor', '1990'],
    ['Where was it built?', 'in Ghent', '12'],
  ])('%s wants such as %s, not %s', (question, fitting, unfit) => {
    expect(relevance(question, fitting)).toEqual({ value: 1, feedback: '' });
    expect(relevance(question, unfit).value).toBe(0);
    expect(relevance(question, unfit).feedback).toMatch(/^the question asks for a /);
  });

  it('takes up the words of the question in a sentence', () => {
    const question = 'Why did the mayor close the old harbour?';
    expect(relevance(question, 'The mayor closed the harbour because it was silting up.').value).toBe(0.75);
    expect(relevance(question, 'Lentils are a healthy food for the whole family.').value).toBe(0);
    const typed = relevance('When did the mayor close the harbour?', 'The mayor closed it in the year 1990.');
    expect(typed).toEqual({
      value: (1 + 2 / 3) / 2,
      feedback: 'the answer takes up only part of the words of the question',
    });
  });

  it('cannot tell for a phrase that nothing speaks against', () => {
    expect(relevance('Why was it closed?', 'because of silt')).toEqual({ value: null, feedback: '' });
    expect(relevance('Is it closed?', 'yes').value).toBeNull();
    expect(relevance('When ships wait, what law rules?', 'the law of the sea').value).toBeNull();
  });

  it('is 0 for what is no answer', () => {
    const question = 'Why was the harbour closed?';
    expect(relevance(question, ' ').value).toBe(0);
    expect(relevance(question, "I don't know why the harbour was closed.")).toMatchObject({
      value: 0,
      feedback: expect.stringContaining('does not commit itself'),
    });
    expect(relevance(question, 'The harbour was closed.').feedback).toContain('only repeats the question');
    expect(relevance('Was the harbour closed or opened?', 'closed').value).toBeNull();
    expect(relevance('Who is it, Lena or Ada?', 'Lena').value).toBe(1);
  });

  it('has no value for an abstention', () => {
    expect(relevance('Who is it?', 'Unanswerable', { abstention: 'unanswerable' }).value).toBeNull();
  });

  it('stays in [0, 1] and never rises when the answer loses the words of the question', () => {
    const opening = 'It is because the following things happened there:';
    fc.assert(
      fc.property(sentence, sentence, (question, answer) => {
        const [without, withQuestion] = [answer, `${answer} ${question}`].map(
          (said) => relevance(`${question} why?`, `${opening} ${said} zebra`).value ?? 0,
        );
        expect(without).toBeGreaterThanOrEqual(0);
        expect(withQuestion).toBeLessThanOrEqual(1);
        expect(without).toBeLessThanOrEqual(withQuestion ?? 0);
      }),
    );
  });
});

describeTestSplit('the type a question asks for', 'answer_generation', (examples) => {
  it('is held by nearly every reference answer, and refuses many answers to questions of another type', () => {
    const asked = examples().flatMap(({ input, expected }) => {
      const type = answerTypeOf(String(input['question']));
      const [answer] = expected['answers'] as string[];
      return answer === undefined ? [] : [{ type, answer }];
    });
    const typed = asked.flatMap(({ type, answer }) => (type ? [{ type, answer }] : []));
    expect(typed.length).toBeGreaterThan(25);
    const held = typed.filter(({ type, answer }) => holdsType(type, answer));
    expect(held.length / typed.length).toBeGreaterThan(0.95);
    const others = typed
      .filter(({ type }) => type !== 'person or place')
      .flatMap(({ type }) =>
        asked.filter((other) => other.type !== type).map(({ answer }) => ({ type, answer })),
      );
    const refused = others.filter(({ type, answer }) => !holdsType(type, answer));
    expect(refused.length / others.length).toBeGreaterThan(0.7);
  });
});

describe('completeness by words', () => {
  const complete = (output: string, expected: Record<string, unknown>, options = {}) =>
    scoreOf(createdMetric(completeness, options), text, { output, expected });

  it('is the share of the facts that the answer states', () => {
    const facts = ['The harbour closed in 1990.', 'Lena Okafor was mayor.'];
    expect(complete('When the harbour was closing, in 1990, people wept.', { facts })).toEqual({
      value: 0.5,
      feedback: 'not in the answer: "Lena Okafor was mayor."',
    });
    expect(complete(facts.join(' '), { facts })).toEqual({ value: 1, feedback: '' });
    expect(complete('The harbour closed in 1991.', { facts }).value).toBe(0);
    expect(complete('No.', { facts: ['no'] }).value).toBe(1);
  });

  it('is without facts the share of the words of the nearest reference', () => {
    const expected = { answer: ['the old harbour of Ghent', 'a silted port'] };
    expect(complete('Ports silt up.', expected)).toEqual({ value: 1, feedback: '' });
    expect(complete('Ghent', expected)).toEqual({
      value: 1 / 3,
      feedback: 'not in the answer: "old", "harbour"',
    });
    expect(complete('x', { reply: 'y' }, { reference: 'reply' }).value).toBe(0);
  });

  it('is 0 for an empty answer and has no value where nothing is expected', () => {
    expect(complete('', { answer: 'silt' }).value).toBe(0);
    expect(complete('silt', { answer: [] }).value).toBeNull();
    expect(complete('', { facts: [] }).value).toBeNull();
    expect(complete('silt', { answer: 'Unanswerable' }, { abstention: 'unanswerable' }).value).toBeNull();
  });

  it('names an example without either', () => {
    expect(() => complete('x', {})).toThrow('example one: expected.answer is not a text or a list of texts');
  });

  it('is 1 for the reference itself and never falls when something is added', () => {
    fc.assert(
      fc.property(sentence, sentence, sentence, (answer, reply, more) => {
        const value = complete(reply, { answer }).value ?? 0;
        expect(complete(answer, { answer }).value ?? 1).toBe(1);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(complete(`${reply} ${more}`, { answer }).value ?? 0).toBeGreaterThanOrEqual(value);
      }),
    );
  });
});

describe('context_precision', () => {
  const precision = (answer: unknown, relevant: unknown[], options = {}, input = {}) =>
    scoreOf(createdMetric(contextPrecision, options), json, {
      output: JSON.stringify(answer),
      expected: { relevant },
      input,
    });

  it('falls with each irrelevant passage before a relevant one', () => {
    expect(precision({ passages: ['a', 'b', 'C '] }, ['c', 'a'])).toEqual({
      value: expect.closeTo((1 + 2 / 3) / 2, 9),
      feedback: 'ranked above a relevant passage: "b"',
    });
    expect(precision({ passages: [7, 'b'] }, ['b', '7'])).toEqual({
      value: expect.closeTo(1, 9),
      feedback: '',
    });
  });

  it('counts a passage once, so that repeating it does not pay', () => {
    expect(precision({ passages: ['b', 'a', 'a', 'a'] }, ['a']).value).toBeCloseTo(0.5, 9);
  });

  it('is 0 without a relevant passage or a readable list', () => {
    expect(precision({ passages: ['b'] }, ['a'])).toEqual({ value: 0, feedback: 'no passage is relevant' });
    expect(precision({ passages: [] }, ['a']).value).toBe(0);
    expect(precision({ passages: 'a' }, ['a']).feedback).toBe(
      'no list "passages" could be read from the answer',
    );
    expect(precision({ passages: ['a', { id: 'b' }] }, ['a']).value).toBe(0);
  });

  it('has no value where no passage is relevant', () => {
    expect(precision({ passages: ['a'] }, []).value).toBeNull();
    const input = { passages: ['a', 'b'] };
    expect(precision({}, [false, false], { from: 'input' }, input).value).toBeNull();
  });

  it('takes passages of the input, with their names or with a verdict for each', () => {
    const input = { found: ['a', 'b'] };
    const options = { from: 'input', passages: 'found' };
    expect(precision({}, [false, true], options, input).value).toBeCloseTo(0.5, 9);
    expect(precision({}, ['b'], options, input).value).toBeCloseTo(0.5, 9);
    expect(() => precision({}, [true], options, input)).toThrow('do not belong to the passages one by one');
    expect(() => precision({ passages: ['a'] }, [true])).toThrow('do not belong to the passages one by one');
    expect(() => precision({}, ['b'], { from: 'input' }, input)).toThrow(
      'example one: input.passages is not a list of texts',
    );
  });

  it('is best where the relevant passages come first, whatever the ranking', () => {
    const ranking = fc.shuffledSubarray(['a', 'b', 'c', 'd', 'e', 'f'], { minLength: 1 });
    fc.assert(
      fc.property(ranking, fc.subarray(['a', 'b', 'c'], { minLength: 1 }), (passages, relevant) => {
        const isRelevant = (passage: string) => relevant.includes(passage);
        const best = [...passages.filter(isRelevant), ...passages.filter((passage) => !isRelevant(passage))];
        const [value, bestValue] = [passages, best].map(
          (list) => precision({ passages: list }, relevant).value ?? -1,
        );
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(bestValue ?? 0);
        expect(bestValue).toBeCloseTo(passages.some(isRelevant) ? 1 : 0, 9);
      }),
    );
  });
});
