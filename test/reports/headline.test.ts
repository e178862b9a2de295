import { describe, expect, it } from 'vitest';
import type { Comparison, Verdict } from '../../src/evaluation/scorecard.ts';
import {
  headlineOfPrompt,
  headlineOfProposal,
  sentenceOf,
  summariseHeadlines,
} from '../../src/reports/headline.ts';
import { acceptedProposal, compared, evaluation, rejectedProposal } from './fixtures.ts';

function comparedWith(
  verdict: Verdict,
  gate: Comparison['gate'] = { passed: true, reasons: [], notes: [] },
): Comparison {
  return { base: 'main', metrics: {}, objective: compared(0.5, 0.62, 0.1, 0.004, verdict), slices: [], gate };
}

const whole = { failures: [] };

describe('an evaluation with a base', () => {
  it.each([
    ['improvement', 'good'],
    ['regression', 'bad'],
    ['equivalent', 'neutral'],
    ['inconclusive', 'doubt'],
    ['insufficient data', 'doubt'],
    ['unreliable baseline', 'doubt'],
  ] as const)('%s is taken as %s', (verdict, tone) => {
    expect(headlineOfPrompt(evaluation({ ...whole, comparison: comparedWith(verdict) })).tone).toBe(tone);
  });

  it('says the number with its interval and p, and against what', () => {
    const headline = headlineOfPrompt(evaluation({ ...whole, comparison: comparedWith('improvement') }));
    expect(sentenceOf(headline)).toBe(
      'entity_extraction/default 2.0.1 scores 62.0 % on 60 test examples, +12.0 points against main (95% interval +2.0 to +22.0, p = .004).',
    );
    expect(headline.figure).toEqual({
      value: '+12.0 points',
      doubt: ['95% interval +2.0 to +22.0', 'p = .004'],
    });
  });

  it('fails with its gate whatever the objective says, and names the reason', () => {
    const gate = {
      passed: false,
      reasons: ['format_compliance is 87.7 %, the gate asks for 90.0 %'],
      notes: [],
    };
    const headline = headlineOfPrompt(evaluation({ comparison: comparedWith('improvement', gate) }));
    expect(headline).toMatchObject({ tone: 'bad', label: 'Gate failed' });
    expect(sentenceOf(headline)).toContain('the gate asks for 90.0 %.');
  });

  it('with failures is never better than doubtful', () => {
    const headline = headlineOfPrompt(evaluation({ comparison: comparedWith('improvement') }));
    expect(headline).toMatchObject({ tone: 'doubt', label: 'Improvement with failures' });
    expect(sentenceOf(headline)).toContain('3 answers failed and have no score.');
  });
});

describe('an evaluation alone', () => {
  it('is a measurement, no verdict', () => {
    expect(headlineOfPrompt(evaluation(whole))).toMatchObject({
      tone: 'neutral',
      figure: { value: '60.4 %', doubt: ['95% interval 54.9 to 65.9 %'] },
    });
  });

  it('without a score has no figure', () => {
    const objective = { ...evaluation().objective, mean: null, interval: null };
    const headline = headlineOfPrompt(evaluation({ objective }));
    expect(headline.figure).toBeNull();
    expect(headline.finding).toContain('has no score on 60 test examples');
  });
});

describe('a proposal', () => {
  it('that is accepted is good news', () => {
    expect(headlineOfProposal(acceptedProposal())).toMatchObject({ tone: 'good', label: 'Improvement' });
  });

  it('that is rejected keeps the old version and says why, without alarm', () => {
    const headline = headlineOfProposal(rejectedProposal());
    expect(headline).toMatchObject({ tone: 'neutral', label: 'No improvement' });
    expect(sentenceOf(headline)).toContain('1.0.0 stays: the best candidate gains');
  });

  it('whose candidate is worse is no alarm either: nobody gets it', () => {
    const proposal = { ...rejectedProposal(), comparison: comparedWith('regression') };
    expect(headlineOfProposal(proposal).tone).toBe('neutral');
  });

  it.each(['inconclusive', 'insufficient data'] as const)('that ends %s leaves a doubt', (verdict) => {
    const proposal = { ...rejectedProposal(), comparison: comparedWith(verdict) };
    expect(headlineOfProposal(proposal).tone).toBe('doubt');
  });

  it('without a candidate to measure gives the reason alone', () => {
    const proposal = {
      ...rejectedProposal(),
      head: null,
      comparison: null,
      reason: 'no candidate was better',
    };
    expect(sentenceOf(headlineOfProposal(proposal))).toBe('1.0.0 stays: no candidate was better.');
  });
});

describe('several results', () => {
  it('take the tone that asks most of the reader and count the kinds', () => {
    const headlines = [
      headlineOfProposal(acceptedProposal()),
      headlineOfPrompt(evaluation({ ...whole, comparison: comparedWith('regression') })),
      headlineOfPrompt(evaluation({ ...whole, comparison: comparedWith('inconclusive') })),
    ];
    const summary = summariseHeadlines(headlines, undefined);
    expect(summary.tone).toBe('bad');
    expect(sentenceOf(summary)).toBe('3 prompts: 1 regression, 1 inconclusive, 1 improvement.');
  });

  it('of a run that ended early are in doubt and say what stopped it', () => {
    const summary = summariseHeadlines([headlineOfProposal(acceptedProposal())], 'the quota is used up');
    expect(summary).toMatchObject({ tone: 'doubt', label: 'Ended early' });
    expect(sentenceOf(summary)).toContain('The run ended early: the quota is used up.');
  });

  it('of nothing say so', () => {
    expect(sentenceOf(summariseHeadlines([], undefined))).toBe('No prompt was measured.');
  });
});
