import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeError } from '../../src/errors.ts';
import type { OutputFormat } from '../../src/formats/format.ts';
import type { MetricDefinition } from '../../src/metrics/definition.ts';
import type { Score } from '../../src/metrics/metric.ts';
import { topicCoverage } from '../../src/metrics/topic-coverage.ts';
import { topicF1 } from '../../src/metrics/topic-f1.ts';
import type { TopicOptions } from '../../src/metrics/topics.ts';
import { scoreOf } from './metric-input.ts';
import { noTools } from './no-tools.ts';

const json: OutputFormat = { format: 'json' };
const create = (definition: MetricDefinition<TopicOptions>, options: Record<string, unknown> = {}) =>
  definition.create(definition.use, definition.options.parse(options), noTools);

function scored(
  definition: MetricDefinition<TopicOptions>,
  expected: unknown,
  predicted: unknown,
  options: Record<string, unknown> = {},
): Score {
  const output = JSON.stringify({ topics: predicted });
  return scoreOf(create(definition, options), json, { output, expected: { topics: expected } });
}

const covered = (expected: unknown, predicted: unknown) => scored(topicCoverage, expected, predicted);
const f1 = (expected: unknown, predicted: unknown) => scored(topicF1, expected, predicted);

describe('topic_coverage', () => {
  it('is the share of the expected topics that were named', () => {
    expect(
      covered(['histopathology', 'global labels', 'cancer'], ['Histopathology', 'Global labels']),
    ).toEqual({
      value: 2 / 3,
      counts: { '': { hits: 2, predicted: 2, expected: 3 } },
      feedback: 'missing: cancer',
    });
  });

  it('compares content words by stem, in any case and order', () => {
    expect(covered(['classification of images'], ['Image classifications'])).toMatchObject({
      value: 1,
      feedback: '',
    });
  });

  it('asks for half of the words of both together', () => {
    expect(covered(['neural network'], ['deep neural architecture']).value).toBe(0);
    expect(covered(['neural network'], ['neural search']).value).toBe(1);
    expect(covered(['neural network training'], ['network']).value).toBe(1);
    expect(covered(['graph neural network training'], ['network']).value).toBe(0);
  });

  it('is not taken in by a topic as long as a document', () => {
    const document =
      'We train neural networks on graphs and images and report the accuracy of classification';
    expect(covered(['neural networks'], [document, document]).value).toBe(0);
  });

  it('uses a predicted topic once', () => {
    expect(covered(['neural networks', 'neural search'], ['neural']).value).toBe(0.5);
    expect(covered(['neural networks', 'neural networks'], ['neural networks']).value).toBe(0.5);
  });

  it('pairs as many topics as can be paired', () => {
    // The closest pair first would leave `neural search` without a partner.
    expect(covered(['neural networks', 'neural search'], ['neural networks', 'large networks']).value).toBe(
      1,
    );
    expect(covered(['neural search', 'neural networks'], ['large networks', 'neural networks']).value).toBe(
      1,
    );
  });

  it('reads items with a name, and topics made of stop words or numbers', () => {
    expect(covered([{ name: 'The Who' }, '1984'], ['the who', { name: '1984' }]).value).toBe(1);
  });

  it('costs nothing for what nobody expected', () => {
    expect(covered(['cancer'], ['cancer', 'sports', 'music'])).toMatchObject({ value: 1, feedback: '' });
  });

  it('has no value where no topic is expected', () => {
    expect(covered([], ['cancer'])).toEqual({ value: null, feedback: '' });
  });

  it('weighs each topic over a dataset', () => {
    const counts = { '': { hits: 3, predicted: 9, expected: 4 } };
    expect(create(topicCoverage).pool?.(counts)).toBe(0.75);
  });
});

describe('topic_f1', () => {
  it('counts what nobody expected as much as what is missing', () => {
    expect(f1(['cancer', 'labels'], ['cancer', 'sports', 'music'])).toEqual({
      value: 0.4,
      counts: { '': { hits: 1, predicted: 3, expected: 2 } },
      feedback: 'missing: labels; not in the reference: sports, music',
    });
  });

  it('is 1 for an empty list where no topic is expected, and 0 for an answer that cannot be read', () => {
    expect(f1([], [])).toEqual({
      value: 1,
      counts: { '': { hits: 0, predicted: 0, expected: 0 } },
      feedback: '',
    });
    expect(f1([], 'none')).toEqual({
      value: 0,
      counts: { '': { hits: 0, predicted: 1, expected: 0 } },
      feedback: 'no list "topics" could be read from the answer',
    });
  });

  it('counts an item without a name against precision', () => {
    expect(f1(['cancer'], ['cancer', { title: 'cancer' }])).toMatchObject({
      value: 2 / 3,
      feedback: 'not in the reference: {"title":"cancer"}',
    });
  });

  it('is pooled over a dataset', () => {
    const { pool } = create(topicF1);
    expect(pool?.({ '': { hits: 3, predicted: 4, expected: 8 } })).toBe(0.5);
    expect(pool?.({ '': { hits: 0, predicted: 0, expected: 0 } })).toBe(1);
    expect(pool?.({})).toBe(1);
  });
});

describe.each([topicCoverage, topicF1])('$use of an answer', (definition) => {
  it('is 0 for silence, a broken answer and an answer without the list', () => {
    for (const output of ['', 'cancer', '{"subjects": ["cancer"]}', '{"topics": "cancer"}']) {
      expect(scoreOf(create(definition), json, { output, expected: { topics: ['cancer'] } })).toEqual({
        value: 0,
        counts: { '': { hits: 0, predicted: 0, expected: 1 } },
        feedback: 'no list "topics" could be read from the answer',
      });
    }
    expect(scored(definition, ['cancer'], [])).toMatchObject({ value: 0, feedback: 'missing: cancer' });
  });

  it('looks at the field it is told to', () => {
    const answered = { output: '{"themes": ["cancer"]}', expected: { themes: ['cancer'] } };
    expect(scoreOf(create(definition, { field: 'themes' }), json, answered).value).toBe(1);
  });

  it('names an example whose topics cannot be compared', () => {
    const failure = (topics: unknown) => {
      try {
        return scored(definition, topics, []).feedback;
      } catch (error) {
        return describeError(error);
      }
    };
    expect(failure('cancer')).toMatch(/^example one: expected\.topics is not a list/);
    expect(failure(['cancer', '?!'])).toMatch(
      /^example one: an item of expected\.topics has no words\. Make /,
    );
    expect(failure([{ title: 'cancer' }])).toMatch(/^example one: an item of expected\.topics has no words/);
  });
});

describe.each([topicCoverage, topicF1])('the laws of $use', (definition) => {
  const word = fc.constantFrom('neural', 'networks', 'Search', 'graph', 'the', 'training', 'of');
  const topic = fc.array(word, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(' '));
  const topics = fc.array(topic, { minLength: 1, maxLength: 6 });

  it('lies in [0, 1], and is 1 for the reference in any order and case', () => {
    fc.assert(
      fc.property(topics, topics, (expected, predicted) => {
        const { value } = scored(definition, expected, predicted);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        const shouted = expected.map((each) => each.toUpperCase()).toReversed();
        expect(scored(definition, expected, shouted)).toMatchObject({ value: 1, feedback: '' });
      }),
    );
  });

  it('does not depend on the order of either list', () => {
    fc.assert(
      fc.property(topics, topics, (expected, predicted) => {
        const once = scored(definition, expected, predicted);
        const again = scored(definition, expected.toReversed(), predicted.toReversed());
        expect([again.value, again.counts]).toEqual([once.value, once.counts]);
      }),
    );
  });

  it('never covers fewer topics for one more that is named', () => {
    fc.assert(
      fc.property(topics, topics, topic, (expected, predicted, more) => {
        const hits = (list: string[]) => scored(definition, expected, list).counts?.['']?.hits ?? Number.NaN;
        expect(hits([...predicted, more])).toBeGreaterThanOrEqual(hits(predicted));
      }),
    );
  });
});
