import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderRolloutPlan } from '../../src/reports/rollout/plan.ts';
import { renderRolloutPage } from '../../src/reports/rollout/state-page.ts';
import { initialState, type RolloutState } from '../../src/rollout/state.ts';
import { transition } from '../../src/rollout/transition.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { byPerson, minute, observed, planWith, play, released, traffic } from '../rollout/fixtures.ts';
import { controlCharacter, hostileTexts } from './hostile-fixture.ts';

const plan = planWith();
const underWay = play([released('1.0.0'), released('1.1.0')]).state;
const users = (canary: number) =>
  traffic(createRandom('page'), { users: 2000, percent: 10, control: 0.9, canary });
const held = transition(underWay, observed(underWay, users(0.9), 5), plan).state;
const reverted = transition(underWay, observed(underWay, users(0.6), 5), plan).state;

describe('the page of rollouts', () => {
  it('says what is served, what the evidence is and what is waited for', () => {
    const page = renderRolloutPage([held], plan);
    expect(page).toContain('**1.1.0 goes to 10 %** of users since 2026-03-01T00:00:00.000Z; 1.0.0 is served');
    expect(page).toContain('Decision: **hold**.');
    expect(page).toContain('- 55 min more at 10 %');
    expect(page).toMatch(/\| success \| \d\d\.\d % \| \d\d\.\d % \| .* points \| .* to .* \| .* to 1 \|/);
    expect(page).toContain('Evidence of harm holds from 5 to 1 and reverts from 20 to 1');
  });

  it('draws each rollout and how it ended', () => {
    const page = renderRolloutPage([reverted], plan);
    const drawing = /```mermaid\n([\s\S]*?)```/.exec(page)?.[1];
    expect(drawing?.split('\n').slice(0, 4)).toEqual([
      'flowchart LR',
      '  r0e0["1.0.0: everybody"]:::good',
      '  r1e0["1.1.0: 10 %"]:::good',
      '  r1e0 --> r1e1["1.1.0: reverted"]:::bad',
    ]);
    expect(page).toContain('Not served again until their content changes or somebody clears them: 1.1.0 (');
    expect(page).toMatch(/\| reverted, 0 % \| promptline \| success: .* evidence of harm/);
  });

  it('shows the newest of a long history and counts the rest', () => {
    const events = Array.from({ length: 20 }, (_, hour) => [
      { ...byPerson('freeze', hour) },
      { type: 'unfreeze' as const, by: 'ada', reason: 'done', cursor: {}, at: minute(hour) },
    ]).flat();
    const page = renderRolloutPage([play(events, plan, underWay).state], plan);
    expect(page).toContain('_12 older entries are in the state file._');
  });

  it('says so when nothing was released', () => {
    expect(renderRolloutPage([], plan)).toBe('# Rollouts\n\nNothing has been released yet.\n');
    expect(renderRolloutPage([initialState('a/b')], plan)).toContain('nothing is served');
  });

  it('lets no text of strangers act', () => {
    const hostile = fc.oneof(fc.constantFrom(...hostileTexts), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(hostile, (text) => {
        const page = renderRolloutPage([hostileState(text), reverted], plan);
        expect(page).not.toMatch(controlCharacter);
        expect(page).not.toMatch(/<(?!\/?(details|summary)>|span>\$<\/span>|\/span>)/);
        expect(page).not.toMatch(/@(?=\w)/);
        expect(page.match(/```/g)).toHaveLength(4);
        const lines = page.split('\n');
        expect(lines.filter((line) => line.startsWith('#'))).toHaveLength(3);
        const [, drawing = ''] = /```mermaid\n([\s\S]*?)```/.exec(page) ?? [];
        for (const line of drawing.trim().split('\n'))
          expect(line).toMatch(/^(flowchart LR| {2}(classDef|r\d+e\d+)[\w\s,:#>"[\].%+-]*)$/);
      }),
    );
  });
});

/** A stranger's text wherever a state has text; one heading as a prompt's name. */
function hostileState(text: string): RolloutState {
  const release = { version: text, ref: text, sha256: 'a'.repeat(64) };
  const canary = held.canary!;
  const metrics = Object.values(canary.decision!.evidence.metrics).map((summary) => [text, summary]);
  return {
    ...held,
    prompt: text,
    stable: release,
    waiting: release,
    canary: {
      ...canary,
      release,
      salt: text,
      decision: {
        ...canary.decision!,
        reasons: [text],
        evidence: { ...canary.decision!.evidence, metrics: Object.fromEntries(metrics) },
      },
    },
    frozen: { at: minute(0), by: text, reason: text },
    quarantine: [{ release, at: minute(0), reason: text }],
    log: held.log.map((entry) => ({ ...entry, version: text, by: text, reasons: [text] })),
  };
}

describe('the plan', () => {
  const own = { usersPerMinute: 300, usual: { success: 0.9 } };

  it('says how long a drop takes to notice at each step, at the traffic there is', () => {
    const text = renderRolloutPlan(plan, own);
    expect(text).toContain('At 300 new users a minute.');
    expect(text).toContain('| metric | drop | at 10 % | at 25 % | at 50 % | at 75 % |');
    expect(text).toMatch(
      /\| success \| 5 % \| .*\n\| success \| 15 % \| 66 in 2 min 11 s; 101 in 3 min 21 s \|/,
    );
    expect(text).toContain('| success | 30 % |');
  });

  it('prints the error rates of the confidences', () => {
    expect(renderRolloutPlan(plan, own)).toContain(
      'at most 5 % are ever reverted by mistake and at most 20 % ever held',
    );
    const bold = planWith({ metrics: { success: {} }, revertConfidence: 0.8 });
    expect(renderRolloutPlan(bold, own)).toContain('at most 20 % are ever reverted by mistake');
  });

  it('promises nothing that the traffic or the settings do not give', () => {
    const two = planWith({ metrics: { success: { tolerance: 0.06 }, latency: {} } });
    const text = renderRolloutPlan(two, { ...own, usersPerMinute: 0 });
    expect(text).toContain('| success | 5 % | within the tolerance |');
    expect(text).toContain('in never');
    expect(text).toContain('No forecast for latency');
  });
});
