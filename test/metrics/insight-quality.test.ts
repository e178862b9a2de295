import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeError } from '../../src/errors.ts';
import type { OutputFormat } from '../../src/formats/format.ts';
import { insightQuality } from '../../src/metrics/insight-quality.ts';
import type { Score } from '../../src/metrics/metric.ts';
import { scoreOf } from './metric-input.ts';
import { noTools } from './no-tools.ts';

const json: OutputFormat = { format: 'json' };
const text: OutputFormat = { format: 'text', field: 'insights' };
const document =
  'Sales in Ghent rose by 12.5% to 1,000 units in 2023. The harbour was closed for repairs. Lena Okafor left the board.';

function created(options: Record<string, unknown> = {}) {
  return insightQuality.create('insight_quality', insightQuality.options.parse(options), noTools);
}

function judged(expected: unknown, insights: unknown, source: unknown = document): Score {
  const output = JSON.stringify({ insights });
  return scoreOf(created(), json, { output, expected: { insights: expected }, input: { document: source } });
}

describe('insight_quality', () => {
  it('is 1 for the expected insights, in other forms of their words and any order', () => {
    const expected = ['Sales rose by 12.5%.', 'Repairs closed the harbour.'];
    expect(judged(expected, ['The harbours were closing: a repair', 'sale rose 12.5 %'])).toEqual({
      value: 1,
      feedback: '',
    });
  });

  it('is the harmonic mean of coverage and grounding', () => {
    // Both expected words are among the three given, two of which the document has.
    const { value, feedback } = judged(['Sales rose'], ['Sales rose steeply']);
    const [coverage, grounding] = [4 / 5, 2 / 3];
    expect(value).toBeCloseTo((2 * coverage * grounding) / (coverage + grounding), 12);
    expect(feedback).toBe(
      'expected and not fully said: "Sales rose" (80% alike); not in the document: "steeply"',
    );
  });

  it('covers each expected insight by the closest one given', () => {
    expect(judged(['Sales rose', 'Lena Okafor left'], ['Sales rose'])).toMatchObject({
      value: (2 * 0.5 * 1) / 1.5,
      feedback: 'expected and not fully said: "Lena Okafor left" (0% alike)',
    });
    expect(judged(['Sales rose'], ['Sales in Ghent', 'Sales rose', 'The board'])).toEqual({
      value: 1,
      feedback: '',
    });
  });

  it('weighs the grounding of each insight given alike', () => {
    const { value } = judged(['Sales rose'], ['Sales rose', 'Volcanoes erupted yesterday evening']);
    expect(value).toBeCloseTo((2 * 1 * 0.5) / 1.5, 12);
  });

  it('finds numbers in any way of writing them', () => {
    const invented = (insight: string) =>
      /not in the document: (.*)$/.exec(judged(['x'], [insight]).feedback)?.[1];
    expect(invented('1000 units, 12.5 %, 2023')).toBeUndefined();
    expect(invented('twelve units')).toBeUndefined();
    expect(invented('14 % of 1,001')).toBe('"14", "1001"');
  });

  it('finds invented names', () => {
    expect(judged(['x'], ['Lena Adeyemi left']).feedback).toMatch(/; not in the document: "adeyemi"$/);
  });

  it('splits a text into sentences, without list marks', () => {
    const answered = {
      expected: { insights: 'Sales rose. The harbour was closed.' },
      input: { document: document.split('. ') },
      output: '1. Sales rose.\n2. The harbour was closed.\n',
    };
    expect(scoreOf(created(), text, answered)).toEqual({ value: 1, feedback: '' });
    expect(scoreOf(created(), text, { ...answered, output: '- Sales rose' })).toMatchObject({
      value: (2 * 0.5) / 1.5,
      feedback: 'expected and not fully said: "The harbour was closed." (0% alike)',
    });
  });

  it.each([
    ['an empty answer', ''],
    ['a broken answer', 'Sales rose'],
    ['an answer without the field', '{"points": ["Sales rose"]}'],
    ['an empty list', '{"insights": []}'],
    ['blank insights', '{"insights": ["", " ", "?", "of the"]}'],
    ['insights that are no texts', '{"insights": [{"sales": "rose"}, null]}'],
  ])('is 0 for %s', (_, output) => {
    const answered = { output, expected: { insights: ['Sales rose'] }, input: { document } };
    expect(scoreOf(created(), json, answered)).toEqual({
      value: 0,
      feedback: 'no insight could be read from the answer',
    });
  });

  it('takes an item without words for one without ground', () => {
    expect(judged(['Sales rose'], ['Sales rose', ''])?.value).toBeCloseTo((2 * 1 * 0.5) / 1.5, 12);
  });

  it('does not ask for an expected insight without words', () => {
    expect(judged(['Sales rose', '', 'of the'], ['Sales rose'])).toEqual({ value: 1, feedback: '' });
  });

  it('has no value where no insight is expected', () => {
    expect(judged([], ['Sales rose'])).toEqual({ value: null, feedback: '' });
    expect(judged(' ', ['Sales rose']).value).toBeNull();
  });

  it('reads the fields it is told to', () => {
    const metric = created({ field: 'findings', source: 'abstract' });
    const answered = { output: '{"findings": ["Sales rose"]}', expected: { findings: ['Sales rose'] } };
    expect(scoreOf(metric, json, { ...answered, input: { abstract: document } }).value).toBe(1);
  });

  it('names an example without insights or a document', () => {
    const failure = (run: () => Score) => {
      try {
        return run().feedback;
      } catch (error) {
        return describeError(error);
      }
    };
    expect(failure(() => judged({ a: 1 }, ['Sales']))).toMatch(
      /^example one: expected\.insights is not a text or/,
    );
    expect(failure(() => judged(['Sales'], ['Sales'], { a: 1 }))).toMatch(
      /^example one: input\.document is not a text or a list of texts\. Name .* "source"\.$/,
    );
  });

  it('shortens what it says of a flood', () => {
    const flood = Array.from({ length: 50 }, (_, i) => `word${i}${'x'.repeat(200)}`);
    expect(judged(['Sales rose'], flood).feedback.length).toBeLessThan(900);
  });
});

describe('the laws of insight_quality', () => {
  const said = fc.constantFrom(
    'sales',
    'Ghent',
    'harbour',
    'closed',
    'repairs',
    'board',
    '2023',
    '1,000',
    'the',
  );
  const invented = fc.constantFrom('volcano', 'erupted', '7', 'Bruges');
  const insight = (word: fc.Arbitrary<string>) =>
    fc.array(word, { minLength: 1, maxLength: 5 }).map((parts) => `harbour ${parts.join(' ')}`);
  const grounded = fc.array(insight(said), { minLength: 1, maxLength: 4 });
  const any = fc.array(insight(fc.oneof(said, invented)), { maxLength: 5 });

  it('lies in [0, 1], and is 1 for what is expected and in the document', () => {
    fc.assert(
      fc.property(grounded, any, (expected, given) => {
        const { value } = judged(expected, given);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        const shouted = expected.map((each) => each.toUpperCase()).toReversed();
        expect(judged(expected, shouted)).toEqual({ value: 1, feedback: '' });
      }),
    );
  });

  it('does not depend on the order of either list', () => {
    fc.assert(
      fc.property(grounded, any, (expected, given) => {
        const again = judged(expected.toReversed(), given.toReversed()).value;
        expect(again).toBeCloseTo(judged(expected, given).value ?? Number.NaN, 12);
      }),
    );
  });

  it('falls when something is invented beside what is expected', () => {
    fc.assert(
      fc.property(grounded, insight(invented), (expected, more) => {
        expect(judged(expected, [...expected, more]).value).toBeLessThan(1);
      }),
    );
  });
});

it('reads an answer of nothing but carriage returns at once', () => {
  const output = `Sales rose.${'\r'.repeat(200_000)}x`;
  const { value } = scoreOf(created(), text, {
    output,
    expected: { insights: 'Sales rose.' },
    input: { document },
  });
  expect(value).toBeGreaterThan(0);
}, 20_000);
