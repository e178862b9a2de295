import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderRolloutPlan } from '../../src/reports/rollout/plan.ts';
import { revertIssue } from '../../src/reports/rollout/records.ts';
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
    expect(page).toContain('**1.1.0 goes to 10 %** of users since 2026-03-01 00:00:00 UTC; 1.0.0 is served');
    expect(page).toContain('The next step, **25 %**, is not taken yet:\n\n- 55 min more at 10 %\n');
    expect(page).toContain('| metric | 1.1.0 (n) | 1.0.0 (n) | difference |');
    expect(page).toMatch(
      /\| success \| \d\d\.\d\s%\s\(1\d\d\) \| \d\d\.\d\s%\s\(1,\d+\) \| .*points \| .* to .* \| .* to 1 \|/,
    );
    expect(page).toContain('stops the rollout from 5 to 1 on, and takes the version back from 20 to 1 on');
  });

  it('says when the next step comes, before anything was read, and keeps what was known', () => {
    expect(renderRolloutPage([underWay], plan)).toContain(
      'The next step, **25 %**, comes at 2026-03-01 01:00:00 UTC at the earliest.',
    );
    const promoted = transition(held, observed(held, users(0.9), 61), plan).state;
    const page = renderRolloutPage([promoted], plan);
    expect(page).toContain('The next step, **50 %**, comes at 2026-03-01 01:31:00 UTC at the earliest.');
    expect(page).toMatch(/\| success \| \d\d\.\d\s%\s\(1\d\d\)/);
  });

  it('asks for somebody where a hold does not end by itself', () => {
    const blind = transition(held, { type: 'tick', at: minute(90) }, plan).state;
    expect(renderRolloutPage([blind], plan)).toContain('**Held: somebody should look into this.**');
    expect(renderRolloutPage([held], plan)).not.toContain('somebody should');
  });

  it('shows amounts as amounts, of which less is better', () => {
    const two = planWith({ metrics: { latency: {} } });
    const random = createRandom('amounts');
    const observations = users(0.9).map((user) => {
      const milliseconds = (user.arm === 'canary' ? 2000 : 1000) * 2 ** (random.next() - 0.5);
      return { ...user, values: { latency: milliseconds } };
    });
    const { state } = transition(underWay, observed(underWay, observations.slice(0, 300), 5), two);
    const page = renderRolloutPage([state], two);
    expect(page).toMatch(
      /\| latency \| 2,[01]\d\d\sms\s\(\d+\) \| (1,0\d\d|9\d\d)\sms\s\(\d+\) \| \+(9\d|1\d\d)\.\d\s% \|/,
    );
    expect(page).toContain('Of latency less is better; means are geometric.');
  });

  it('draws an interval on the side on which the new version is', () => {
    const lines = (state: RolloutState) =>
      /```text\n([\s\S]*?)\n```/.exec(renderRolloutPage([state], plan))?.[1]?.split('\n') ?? [];
    const canary = held.canary!;
    const withDifference = (mean: number, half: number): RolloutState => {
      const success = { ...canary.decision!.evidence.metrics['success']!, difference: { mean, half } };
      const decision = {
        ...canary.decision!,
        evidence: { ...canary.decision!.evidence, metrics: { success } },
      };
      return { ...held, canary: { ...canary, decision } };
    };
    expect(lines(withDifference(-0.2, 0.1))).toEqual([
      `         ${'← worse'.padEnd(24)}│${'better →'.padStart(24)}`,
      `success  ├───────●───────┤${' '.repeat(7)}│`,
    ]);
    expect(lines(withDifference(0.05, 0.1))[1]).toBe(
      `success  ${' '.repeat(16)}├───────┼───────●───────────────┤`,
    );
    expect(lines(withDifference(0, 0))).toEqual([]);
  });

  it('draws each rollout and how it ended', () => {
    const page = renderRolloutPage([reverted], plan);
    const drawing = /```mermaid\n([\s\S]*?)```/.exec(page)?.[1];
    expect(drawing?.split('\n').slice(0, 4)).toEqual([
      'flowchart LR',
      '  r0e0["1.0.0: everybody"]:::now',
      '  r1e0["1.1.0: 10 %"]:::good',
      '  r1e0 --> r1e1["1.1.0: reverted"]:::bad',
    ]);
    expect(page).toContain('somebody clears them (`promptline rollout clear`): 1.1.0 (');
    expect(page).toMatch(/\| reverted \| 0\s% \| promptline \| success: .* evidence of harm/);
  });

  it('draws what users get now and the steps to come', () => {
    const drawing = /```mermaid\n([\s\S]*?)```/.exec(renderRolloutPage([held], plan))?.[1];
    expect(drawing?.split('\n').slice(0, 7)).toEqual([
      'flowchart LR',
      '  r0e0["1.0.0: the others"]:::now',
      '  r1e0["1.1.0: 10 %"]:::now',
      '  r1e0 -.-> r1e1["25 %"]:::ahead',
      '  r1e1 -.-> r1e2["50 %"]:::ahead',
      '  r1e2 -.-> r1e3["75 %"]:::ahead',
      '  r1e3 -.-> r1e4["everybody"]:::ahead',
    ]);
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
        expect(page).not.toMatch(/<(?!\/?(details|summary)>|br>|span>\$<\/span>|\/span>)/);
        expect(page).not.toMatch(/@(?=\w)/);
        expect(page.match(/```/g)).toHaveLength(6);
        const lines = page.split('\n');
        expect(lines.filter((line) => line.startsWith('#'))).toHaveLength(3);
        const [, drawing = ''] = /```mermaid\n([\s\S]*?)```/.exec(page) ?? [];
        for (const line of drawing.trim().split('\n'))
          expect(line).toMatch(/^(flowchart LR| {2}(classDef|r\d+e\d+)[\w\s,:#>"[\].%+-]*)$/);
      }),
    );
  });
});

describe('the issue of a revert', () => {
  const [entry, release] = [reverted.log.at(-1)!, reverted.quarantine[0]!.release];
  const issue = revertIssue(reverted, { reverted: release, entry }, plan);

  it('says what happened, how long users had it, and on what evidence', () => {
    expect(issue.title).toBe('query_processing/default 1.1.0 was reverted');
    expect(issue.body).toContain(
      'was reverted** at 2026-03-01 00:05:00 UTC by promptline, 5 min after it went to 10 % of users. **1.0.0** is served to everybody again.',
    );
    expect(issue.body).toContain(
      '- success: 66.9 % with the new version, 89.4 % with the stable one; evidence',
    );
    expect(issue.body).toMatch(/\n```text\n.*\nsuccess {2}├─+●─+┤ +│\n```\n/);
    expect(issue.body).toContain('["1.1.0: reverted"]:::bad');
  });

  it('says what is to be done, with the command for a false alarm', () => {
    expect(issue.body).toContain('- Merge the pull request “Restore query_processing/default 1.0.0”');
    expect(issue.body).toContain('with a version above 1.1.0');
    expect(issue.body).toContain(
      '```sh\npromptline rollout clear query_processing/default --reverted 1.1.0 --reason ',
    );
  });

  it('gives no shell anything to act on', () => {
    const prompt = 'a/$(touch x);`y`';
    const { body } = revertIssue({ ...reverted, prompt }, { reverted: release, entry }, plan);
    expect(body).toContain('```sh\npromptline rollout clear a/__touch_x___y_ --reverted');
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

  it.each([
    [1.77, '1.8'],
    [0.034, '0.034'],
    [0, '0'],
    [1234.5, '1,235'],
  ])('tells %d users a minute as %s', (usersPerMinute, shown) => {
    expect(renderRolloutPlan(plan, { ...own, usersPerMinute })).toContain(`At ${shown} new users a minute.`);
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
