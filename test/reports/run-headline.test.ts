import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/evaluation/scorecard.ts';
import { headlineOfRun, type RunHeadline } from '../../src/reports/run-headline.ts';
import type { PromptReport, RunReport } from '../../src/reports/run-report.ts';
import { sectionsOf } from '../../src/reports/sections.ts';
import { comparedPrompt, comparedRun, failedPrompt } from './comparison-fixture.ts';
import { acceptedProposal, compared, evaluation, report } from './fixtures.ts';

function headlineOf(run: RunReport): RunHeadline {
  return headlineOfRun(run, sectionsOf(run));
}

function prompt(verdict: Verdict): PromptReport {
  const { comparison } = comparedPrompt();
  if (!comparison) throw new Error('the fixture has a comparison');
  return comparedPrompt({
    id: `family/${verdict}`,
    failures: [],
    changedSince: [],
    comparison: { ...comparison, metrics: {}, objective: compared(0.5, 0.6, 0.2, 0.1, verdict) },
  });
}

describe('several prompts', () => {
  const urgency: readonly PromptReport[] = [
    failedPrompt(),
    prompt('regression'),
    prompt('improvement'),
    prompt('equivalent'),
    prompt('inconclusive'),
    prompt('insufficient data'),
    prompt('unreliable baseline'),
    evaluation({ id: 'family/new', failures: [] }),
  ];

  it('speak with the voice of the one that asks most of the reader', () => {
    const labels = urgency.map(
      (_, index) => headlineOf(comparedRun({ prompts: urgency.slice(index).reverse() })).label,
    );
    expect(labels).toEqual([
      'Gate failed',
      'Regression',
      'Improvement',
      'Equivalent',
      'Inconclusive',
      'Not enough data',
      'Unreliable baseline',
      'Not compared',
    ]);
  });

  it('stand in that order in the report too', () => {
    const run = comparedRun({ prompts: urgency.toReversed() });
    expect(sectionsOf(run).map(({ id }) => id)).toEqual(urgency.map(({ id }) => id));
  });

  it('of one kind begin with those that have failures', () => {
    const failures = [{ example: 'one', error: 'cut off' }];
    const run = comparedRun({
      prompts: [
        prompt('improvement'),
        comparedPrompt({ ...prompt('improvement'), id: 'family/torn', failures }),
      ],
    });
    expect(sectionsOf(run).map(({ id }) => id)).toEqual(['family/torn', 'family/improvement']);
  });

  it('are counted by kind, and each alarm is told with the name of its prompt', () => {
    const { finding, notes, tone } = headlineOf(
      comparedRun({ prompts: [prompt('improvement'), prompt('regression'), failedPrompt()] }),
    );
    expect(tone).toBe('bad');
    expect(finding).toBe('3 prompts: 1 gate failed, 1 regression, 1 improvement.');
    const [regression, other] = [prompt('regression'), prompt('inconclusive')];
    expect(headlineOf(comparedRun({ prompts: [regression, regression, other, other] })).finding).toBe(
      '4 prompts: 2 regressions, 2 inconclusive.',
    );
    expect(notes).toEqual([
      'entity_extraction/default: intent_accuracy fell by 0.085, more than the allowed 0.02; 95% interval -0.132 to -0.038.',
      'family/regression 1.1.0 scores 60.0 % on 200 test examples, +10.0 points against main (1.0.0) (95% interval −10.0 to +30.0, p = .100).',
    ]);
  });
});

describe('the base of a run', () => {
  it('that cannot be read is told once and leaves a doubt', () => {
    const problem = 'promptline.yaml:3:1: unknown key "famlies"';
    const prompts = [evaluation({ failures: [], baseProblem: problem, changedSince: [] })];
    const { tone, label, notes } = headlineOf(
      comparedRun({ prompts, base: { ref: 'main', commit: '7dc1b2b0aa5e5b7f', problem } }),
    );
    expect({ tone, label }).toEqual({ tone: 'doubt', label: 'Not compared' });
    expect(notes).toEqual([
      'main (7dc1b2b0aa) cannot be read, so nothing is compared with it: promptline.yaml:3:1: unknown key "famlies".',
    ]);
  });

  it('does not soften a gate that failed', () => {
    const gate = { passed: false, reasons: ['too low'], notes: [] };
    const base = { ref: 'main', commit: '7dc1b2b0aa5e5b7f', problem: 'no promptline.yaml' };
    expect(headlineOf(comparedRun({ prompts: [evaluation({ gate })], base }))).toMatchObject({
      tone: 'bad',
      label: 'Gate failed',
    });
  });

  it('names prompts that were not measured, ten at most', () => {
    const unchanged = Array.from({ length: 12 }, (_, index) => `family/p${index}`);
    const { notes } = headlineOf(comparedRun({ unchanged }));
    expect(notes.at(-1)).toBe(
      `Not measured, because nothing of them changed since main: ${unchanged.slice(0, 10).join(', ')} and 2 more.`,
    );
    expect(headlineOf(comparedRun()).notes.join()).not.toContain('Not measured');
  });

  it('with nothing changed since is no alarm', () => {
    expect(headlineOf(comparedRun({ prompts: [], unchanged: ['family/one'] }))).toMatchObject({
      tone: 'neutral',
      label: 'Unchanged',
      finding: null,
      notes: ['Not measured, because nothing of them changed since main: family/one.'],
    });
  });
});

describe('a run', () => {
  it('that ended early is in doubt and says what stopped it', () => {
    const { tone, label, notes } = headlineOf(
      report({ proposals: [acceptedProposal()], ended: 'the quota is used up' }),
    );
    expect({ tone, label }).toEqual({ tone: 'doubt', label: 'Ended early' });
    expect(notes).toContain('The run ended early: the quota is used up.');
  });

  it('of a part of the examples says so', () => {
    expect(headlineOf(comparedRun({ shard: { index: 2, of: 4 } })).notes).toContain(
      'This is part 2 of 4; its gates are judged when the parts are merged.',
    );
  });

  it('of a part of the examples says of no gate whether it held', () => {
    const gate = { passed: false, reasons: ['accuracy is 0.2, below the least allowed 0.5'], notes: [] };
    const parts = [failedPrompt(), evaluation({ id: 'family/new', failures: [], gate })];
    const run = comparedRun({ prompts: parts, shard: { index: 2, of: 4 } });
    expect(sectionsOf(run).map((section) => [section.id, section.gate])).toEqual([
      [failedPrompt().id, null],
      ['family/new', null],
    ]);
    expect(headlineOf(run).label).toBe('Regression');
    expect(headlineOf(comparedRun({ prompts: parts })).label).toBe('Gate failed');
  });

  it('of nothing says so', () => {
    expect(headlineOf(report()).finding).toBe('No prompt was measured.');
  });
});
