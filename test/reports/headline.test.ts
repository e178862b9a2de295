import { describe, expect, it } from 'vitest';
import type { Comparison, Verdict } from '../../src/evaluation/scorecard.ts';
import { type Headline, headlineOfPrompt, headlineOfProposal } from '../../src/reports/headline.ts';
import { comparedPrompt } from './comparison-fixture.ts';
import { acceptedProposal, compared, evaluation, rejectedProposal } from './fixtures.ts';

function comparedWith(
  verdict: Verdict,
  gate: Comparison['gate'] = { passed: true, reasons: [], notes: [] },
): Comparison {
  return { base: 'main', metrics: {}, objective: compared(0.5, 0.62, 0.1, 0.004, verdict), slices: [], gate };
}

const whole = { failures: [] };
const main = { base: { ref: 'main', commit: '7dc1b2b0aa5e5b7f3f0a94f1c8ad5f6a1a2b3c4d' } };

/** A headline in words: the finding, then the notes. */
function sentenceOf({ finding, notes }: Pick<Headline, 'finding' | 'notes'>): string {
  return [...(finding === null ? [] : [finding]), ...notes].join(' ');
}

describe('an evaluation with a base', () => {
  it.each([
    ['improvement', 'good'],
    ['regression', 'bad'],
    ['equivalent', 'neutral'],
    ['inconclusive', 'doubt'],
    ['insufficient data', 'doubt'],
    ['unreliable baseline', 'doubt'],
  ] as const)('%s is taken as %s', (verdict, tone) => {
    expect(headlineOfPrompt(evaluation({ ...whole, comparison: comparedWith(verdict) }), {}).tone).toBe(tone);
  });

  it('says the number with its interval and p, and against what', () => {
    const headline = headlineOfPrompt(evaluation({ ...whole, comparison: comparedWith('improvement') }), {});
    expect(sentenceOf(headline)).toBe(
      'entity_extraction/default 2.0.1 scores 62.0 % on 60 test examples, +12.0 points against main (95% interval +2.0 to +22.0, p = .004).',
    );
    expect(headline.figure).toEqual({
      value: '+12.0 points',
      doubt: ['95% interval +2.0 to +22.0', 'p = .004'],
    });
  });

  it('calls an interval by its confidence', () => {
    const comparison = comparedWith('improvement');
    const objective = { ...comparison.objective, confidence: 0.999 };
    const headline = headlineOfPrompt(evaluation({ ...whole, comparison: { ...comparison, objective } }), {});
    expect(headline.finding).toContain('(99.9% interval +2.0 to +22.0, p = .004)');
    expect(headline.figure?.doubt[0]).toBe('99.9% interval +2.0 to +22.0');
  });

  it('fails with its gate whatever the objective says, and names the reason', () => {
    const gate = {
      passed: false,
      reasons: ['format_compliance is 87.7 %, the gate asks for 90.0 %'],
      notes: [],
    };
    const headline = headlineOfPrompt(evaluation({ comparison: comparedWith('improvement', gate) }), {});
    expect(headline).toMatchObject({ tone: 'bad', label: 'Gate failed' });
    expect(sentenceOf(headline)).toContain('the gate asks for 90.0 %.');
  });

  it('that cannot be compared on any example says so', () => {
    const nothing = { base: null, head: null, difference: null, interval: null, p: null, n: 0 };
    const comparison = comparedWith('insufficient data');
    const headline = headlineOfPrompt(
      evaluation({
        ...whole,
        comparison: { ...comparison, objective: { ...comparison.objective, ...nothing } },
      }),
      main,
    );
    expect(headline).toMatchObject({ tone: 'doubt', label: 'Not enough data', figure: null });
    expect(sentenceOf(headline)).toBe(
      'entity_extraction/default 2.0.1 cannot be compared with main: none of 60 test examples has an objective in both.',
    );
  });

  it('names metrics that got worse while the objective did not', () => {
    expect(headlineOfPrompt(comparedPrompt(), main).notes).toContain(
      'Metrics with a regression: cost, tokens.',
    );
    const better = {
      ...comparedWith('improvement'),
      metrics: { a: compared(0.1, 0.5, 0.1, 0.01, 'improvement') },
    };
    expect(sentenceOf(headlineOfPrompt(evaluation({ comparison: better }), main))).not.toContain(
      'regression',
    );
  });

  it('says what changed, and that both versions met the data of today', () => {
    expect(headlineOfPrompt(comparedPrompt(), main).notes).toContain('Changed since main: the prompt.');
    const changedSince = ['the prompt', 'the dataset test.yaml'];
    expect(headlineOfPrompt(comparedPrompt({ changedSince }), main).notes).toContain(
      'Changed since main: the prompt, the dataset test.yaml; both versions were measured with what is here now.',
    );
  });

  it('with failures is never better than doubtful', () => {
    const headline = headlineOfPrompt(evaluation({ comparison: comparedWith('improvement') }), {});
    expect(headline).toMatchObject({ tone: 'doubt', label: 'Improvement with failures' });
    expect(sentenceOf(headline)).toContain('3 answers failed and have no score.');
  });
});

describe('an evaluation that could not be compared', () => {
  const baseProblem = 'the prompt itself is unchanged';

  it('says why, and what changed, without alarm', () => {
    const prompt = evaluation({ ...whole, baseProblem, changedSince: ['the metrics in promptline.yaml'] });
    const headline = headlineOfPrompt(prompt, main);
    expect(headline).toMatchObject({ kind: 'not compared', tone: 'neutral', label: 'Not compared' });
    expect(headline.notes).toEqual([
      'Not compared with main: the prompt itself is unchanged.',
      'Changed since main: the metrics in promptline.yaml.',
    ]);
  });

  it('leaves a base that cannot be read to the run', () => {
    const prompt = evaluation({ ...whole, baseProblem: 'no promptline.yaml', changedSince: [] });
    expect(headlineOfPrompt(prompt, { base: { ...main.base, problem: 'no promptline.yaml' } }).notes).toEqual(
      [],
    );
  });
});

describe('an evaluation alone', () => {
  it('fails with a gate on its values, and names the reason', () => {
    const gate = {
      passed: false,
      reasons: ['format_compliance is 0.8, below the least allowed 0.9'],
      notes: [],
    };
    const headline = headlineOfPrompt(evaluation({ ...whole, gate }), {});
    expect(headline).toMatchObject({ tone: 'bad', label: 'Gate failed', figure: { value: '60.4 %' } });
    expect(headline.notes).toEqual(['format_compliance is 0.8, below the least allowed 0.9.']);
  });

  it('is a measurement, no verdict', () => {
    expect(headlineOfPrompt(evaluation(whole), {})).toMatchObject({
      tone: 'neutral',
      figure: { value: '60.4 %', doubt: ['95% interval 54.9 to 65.9 %'] },
    });
  });

  it('without a score has no figure', () => {
    const objective = { ...evaluation().objective, mean: null, interval: null };
    const headline = headlineOfPrompt(evaluation({ objective }), {});
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
