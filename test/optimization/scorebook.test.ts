import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PromptlineError } from '../../src/errors.ts';
import type { MetricSummary, Scorecard } from '../../src/evaluation/scorecard.ts';
import { noUsage } from '../../src/models/usage.ts';
import { entryOf, learntBefore, parseScorebook, withEntries } from '../../src/optimization/scorebook.ts';
import type { ScorebookEntry } from '../../src/optimization/scorebook-schema.ts';

const shown = 'scores/colors/default.yaml';

const summary = (mean: number | null): MetricSummary => ({
  mean,
  interval: mean === null ? null : [mean - 0.1, mean + 0.1],
  n: mean === null ? 0 : 60,
  missing: 0,
  unit: 'ratio',
  direction: 'higher',
});

const card: Scorecard = {
  prompt: { id: 'colors/default', version: '1.0.0', model: 'local/model', digest: 'a'.repeat(64) },
  dataset: { path: 'datasets/colors/test.yaml', digest: 'b'.repeat(64), split: 'test', n: 60 },
  metrics: { accuracy: summary(0.123456), retrieval: summary(null) },
  objective: summary(0.5),
  results: [],
  usage: noUsage,
  metricUsage: noUsage,
  failures: [],
  latencyMs: null,
};

const choices = {
  instruction: 'Name the color.\nAnswer with: one word',
  layout: 'instruction last' as const,
  demonstrations: ['train-1', 'on'],
};
const base = entryOf(card, { date: '2026-01-31' });
const made: ScorebookEntry = {
  ...entryOf(card, { date: '2026-02-01', from: '1.0.0', choices }),
  version: '1.1.0',
  digest: 'c'.repeat(64),
};

describe('an entry of a scorebook', () => {
  it('says what was measured, on what and when, in short numbers', () => {
    expect(entryOf(card, { date: '2026-01-31', from: '0.9.0', choices })).toEqual({
      version: '1.0.0',
      from: '0.9.0',
      digest: 'a'.repeat(64),
      date: '2026-01-31',
      model: 'local/model',
      dataset: { path: 'datasets/colors/test.yaml', digest: 'b'.repeat(64), n: 60 },
      objective: { mean: 0.5, interval: [0.4, 0.6], n: 60 },
      metrics: {
        accuracy: { mean: 0.1235, interval: [0.0235, 0.2235], n: 60 },
        retrieval: { mean: null, interval: null, n: 0 },
      },
      choices,
    });
  });
});

describe('a scorebook', () => {
  it('begins with the first entries and reads as it was written', () => {
    const text = withEntries(null, shown, [base, made]);
    expect(text).toMatch(/^- version: 1\.0\.0\n/);
    expect(parseScorebook(text, shown)).toEqual([base, made]);
    expect(parseScorebook('# nothing yet\n', shown)).toEqual([]);
  });

  it('reads whatever an instruction holds as it was written', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }).filter((value) => !/\p{Cs}/u.test(value)),
      fc.string({ unit: fc.constantFrom('a', ' ', '\n', '\r', '\u2028', '#', ':', '-') }),
    );
    fc.assert(
      fc.property(text, text, fc.constantFrom('', '  '), (instruction, id, indent) => {
        const entry = { ...made, choices: { ...choices, instruction, demonstrations: [id] } };
        const before = withEntries(null, shown, [base]).replace(/^(?=.)/gm, indent);
        expect(parseScorebook(withEntries(before, shown, [entry]), shown)).toEqual([base, entry]);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['at the margin', ''],
    ['indented', '    '],
  ])('with its list %s keeps every byte of what was there when an entry is added', (_, indent) => {
    const before = withEntries(null, shown, [base])
      .replace(/^(?=.)/gm, indent)
      .replace('local/model', 'local/model # the old one');
    const commented = `# Scores of the colours.\n${before}${indent}# end of January`;
    const text = withEntries(commented, shown, [made]);
    expect(text.startsWith(`${commented}\n`)).toBe(true);
    expect(parseScorebook(text, shown)).toEqual([base, made]);
  });

  it('takes a version with the same content and data once', () => {
    const text = withEntries(null, shown, [base, made]);
    expect(withEntries(text, shown, [{ ...made, date: '2026-03-01' }])).toBe(text);
    const otherData = { ...made, dataset: { ...made.dataset, digest: 'd'.repeat(64) } };
    expect(parseScorebook(withEntries(text, shown, [otherData]), shown)).toHaveLength(3);
  });

  it.each([
    ['a syntax error', '- version: 1.0.0\n\tfrom: x\n', '2:2'],
    ['a wrong value', withEntries(null, shown, [base]).replace('2026-01-31', 'yesterday'), '3:9'],
    ['an unknown key', withEntries(null, shown, [base]).replace('objective:', 'objectives:'), '9:3'],
    ['a list in brackets', '\n[]\n', '2:1'],
  ])('with %s is refused, with its place', (_, text, place) => {
    try {
      parseScorebook(text, shown);
    } catch (error) {
      if (!(error instanceof PromptlineError)) throw error;
      const places = [error, ...error.also].map(({ location }) => `${location?.line}:${location?.column}`);
      expect({ kind: error.kind, file: error.location?.file }).toEqual({ kind: 'input', file: shown });
      expect(places).toContain(place);
      return;
    }
    expect.fail('it was accepted');
  });

  it('hands the choices of its latest versions on, the latest first, and no more than three', () => {
    const versions = ['1.1.0', '1.2.0', '1.3.0', '1.4.0'].map((version) => ({ ...made, version }));
    expect(learntBefore([base, ...versions]).map(({ why }) => why)).toEqual([
      'learnt by version 1.4.0',
      'learnt by version 1.3.0',
      'learnt by version 1.2.0',
    ]);
    expect(learntBefore([base, made])).toEqual([{ why: 'learnt by version 1.1.0', ...choices }]);
  });
});
