import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutputFormat } from '../../src/formats/format.ts';
import { isExactMatch } from '../../src/metrics/exact-match.ts';
import { normaliseAnswer } from '../../src/metrics/squad.ts';
import { describeGoldens } from './goldens.ts';
import { metric, scoreOf } from './metric-input.ts';

const text: OutputFormat = { format: 'text', field: 'answer' };
const json: OutputFormat = { format: 'json' };
const label: OutputFormat = { format: 'label', field: 'intent', labels: ['PlayMusic', 'RateBook'] };

describe('exact_match', () => {
  const strict = metric('exact_match', { field: 'answer' });
  const squad = metric('exact_match', { field: 'answer', normalise: 'squad' });

  it('compares letter by letter unless told to normalise', () => {
    const answered = { output: 'The Normans.', expected: { answer: 'normans' } };
    expect(scoreOf(strict, text, answered)).toEqual({
      value: 0,
      feedback: 'answered "The Normans.", should be "normans"',
    });
    expect(scoreOf(squad, text, answered)).toEqual({ value: 1, feedback: '' });
  });

  it('accepts any of several answers, and numbers and truth values as they are written', () => {
    expect(scoreOf(strict, text, { output: '911', expected: { answer: ['in 911', '911'] } }).value).toBe(1);
    expect(scoreOf(strict, json, { output: '{"answer": true}', expected: { answer: true } }).value).toBe(1);
    expect(scoreOf(strict, json, { output: '{"answer": 4}', expected: { answer: '4' } }).value).toBe(1);
  });

  it('does not take silence for the empty answer, which JSON can give', () => {
    expect(scoreOf(squad, text, { output: '', expected: { answer: [] } }).value).toBe(0);
    expect(scoreOf(squad, json, { output: '{"answer": ""}', expected: { answer: [] } }).value).toBe(1);
    expect(scoreOf(squad, json, { output: '{}', expected: { answer: 'x' } }).feedback).toBe(
      'nothing could be read from "{}", should be "x"',
    );
  });

  it('names an example that has nothing to compare with', () => {
    expect(() => scoreOf(strict, text, { output: 'x', expected: { answer: { a: 1 } } })).toThrow(
      'example one: expected.answer is not a text or a list of texts',
    );
  });

  it("ignores case and articles in SQuAD's way, whatever the text", () => {
    const sample = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(sample, (answer) => {
        const normal = normaliseAnswer(answer);
        expect(normaliseAnswer(normal)).toBe(
          normal
            .split(' ')
            .filter((word) => !/^(a|an|the)$/.test(word))
            .join(' '),
        );
        expect(normaliseAnswer(`The ${answer}`)).toBe(normal);
        expect(isExactMatch(answer, [answer], 'squad')).toBe(true);
      }),
    );
  });
});

type Squad = {
  cases: { gold: string; pred: string; gold_norm: string; pred_norm: string; exact: number }[];
  multi: { golds: string[]; pred: string; exact: number }[];
};

describeGoldens<Squad>('SQuAD 2.0 exact match', 'squad.json', (goldens) => {
  it('normalises and compares as the official script', () => {
    const { cases } = goldens();
    expect(cases.length).toBeGreaterThan(20);
    for (const { gold, pred, gold_norm, pred_norm, exact } of cases) {
      expect([normaliseAnswer(gold), normaliseAnswer(pred)]).toEqual([gold_norm, pred_norm]);
      expect(isExactMatch(pred, [gold], 'squad'), `${gold} | ${pred}`).toBe(exact === 1);
    }
  });

  it('takes the best of several references, and the empty answer where there is none', () => {
    for (const { golds, pred, exact } of goldens().multi) {
      expect(isExactMatch(pred, golds, 'squad'), `${golds} | ${pred}`).toBe(exact === 1);
    }
  });
});

describe('label_accuracy', () => {
  const accuracy = metric('label_accuracy', { field: 'intent' });
  const expected = { intent: 'PlayMusic' };

  it('is 1 for the right label, however it was dressed', () => {
    expect(scoreOf(accuracy, label, { output: 'Intent: playmusic', expected })).toEqual({
      value: 1,
      feedback: '',
    });
    expect(scoreOf(accuracy, json, { output: '{"intent": "PLAYMUSIC"}', expected }).value).toBe(1);
  });

  it('is 1 for the same letters, however their accents are written', () => {
    for (const form of ['NFC', 'NFD'] as const) {
      const output = JSON.stringify({ intent: 'Café'.normalize(form) });
      const wanted = { intent: 'Café'.normalize(form === 'NFC' ? 'NFD' : 'NFC') };
      expect(scoreOf(accuracy, json, { output, expected: wanted }).value).toBe(1);
    }
  });

  it('is 0 for a wrong one and for none', () => {
    expect(scoreOf(accuracy, label, { output: 'RateBook', expected })).toEqual({
      value: 0,
      feedback: 'answered "RateBook", should be "PlayMusic"',
    });
    expect(scoreOf(accuracy, label, { output: 'PlayVideo', expected })).toEqual({
      value: 0,
      feedback: 'no label could be read from "PlayVideo", should be "PlayMusic"',
    });
    expect(scoreOf(accuracy, label, { output: '', expected }).value).toBe(0);
  });

  it('names an example without a label', () => {
    expect(() => scoreOf(accuracy, label, { output: 'RateBook' })).toThrow('expected.intent is not a text');
  });
});

describe('format_compliance', () => {
  it('is 1 for an answer without problems, else 0 with each problem', () => {
    const compliance = metric('format_compliance');
    expect(scoreOf(compliance, label, { output: 'PlayMusic' })).toEqual({ value: 1, feedback: '' });
    expect(scoreOf(compliance, json, { output: 'Sure: {a: 1}' })).toEqual({
      value: 0,
      feedback: 'answer with the JSON alone, without text or a code fence around it; the JSON is malformed',
    });
    expect(scoreOf(compliance, label, { output: '' }).value).toBe(0);
  });
});

describe('what a call took', () => {
  const completion = { latencyMs: 812, inputTokens: 300, outputTokens: 12, usd: 0.0004 };

  it.each([
    ['latency', 'ms', 812],
    ['tokens', 'tokens', 312],
    ['cost', 'usd', 0.0004],
  ])('%s is read off the completion, lower being better', (use, unit, value) => {
    const chosen = metric(use);
    expect(chosen).toMatchObject({ direction: 'lower', unit, scale: 'graded' });
    expect(scoreOf(chosen, text, { output: 'x', completion })).toEqual({ value, feedback: '' });
  });

  it('has no cost where the price is not known', () => {
    expect(scoreOf(metric('cost'), text, { output: 'x' }).value).toBeNull();
  });
});
