import { describe, expect, it } from 'vitest';
import { byHand } from '../../src/commands/rollouts/by-hand.ts';
import { loadRollouts } from '../../src/commands/rollouts/state-files.ts';
import { actingDesk, type Desk, dryDesk } from '../../src/commands/watch/desk.ts';
import { outsideError } from '../../src/errors.ts';
import { stateBranch } from '../host/remote-repository.ts';
import { prompt } from '../rollout/fixtures.ts';
import { start } from '../telemetry/otlp-lines.ts';
import {
  minutes,
  outsideOf,
  production,
  rolledOut,
  seconds,
  simulatedClock,
  stateIn,
  watch,
} from './rolled-out.ts';

const good = { '1.0.0': 0.9, '1.1.0': 0.9 };
const bad = { '1.0.0': 0.9, '1.1.0': 0.5 };

/** The person's event, from a checkout of their own. */
async function person(folder: string, type: 'revert' | 'emergency' | 'freeze' | 'advance', at: number) {
  const outside = outsideOf(await stateBranch(folder));
  return byHand(outside, prompt, () => ({
    type,
    by: 'ada',
    reason: 'I saw it',
    at: new Date(start + at).toISOString(),
  }));
}

describe('a watch', () => {
  it('promotes a good version when its time and its evidence are there, and leaves', async () => {
    const rollout = await rolledOut();
    const traffic = production(rollout, { usersPerMinute: 60, success: good });
    const clock = simulatedClock({ until: 3 * 60 * minutes, happens: traffic.second });
    const { end, happened } = await watch(rollout, clock, { interval: 10 * minutes });
    expect(end).toBe('step');
    expect(happened.map(({ entry }) => entry.what)).toEqual(['promoted']);
    expect(clock.passed()).toBeGreaterThanOrEqual(60 * minutes);
    expect(clock.passed()).toBeLessThan(90 * minutes);
    const { canary } = await rollout.state();
    expect(canary?.percent).toBe(25);
    expect(rollout.history()[0]).toBe(`${prompt} 1.1.0: promoted, 25 %`);
  });

  it('takes a bad version back, and what is served with it', async () => {
    const rollout = await rolledOut();
    const traffic = production(rollout, { usersPerMinute: 600, success: bad });
    const clock = simulatedClock({ until: 60 * minutes, happens: traffic.second });
    const { end, happened } = await watch(rollout, clock);
    expect(end).toBe('step');
    expect(happened.at(-1)?.entry.what).toBe('reverted');
    expect(clock.passed()).toBeLessThan(3 * minutes);
    const flag = rollout.manifest().flags[`prompt.${prompt}`];
    expect(flag?.variants.canary).toBeUndefined();
    expect(flag?.targeting).toBeUndefined();
    expect((await rollout.state()).quarantine.map(({ release }) => release.version)).toEqual(['1.1.0']);
  });

  it('tells of a version that it took back before it lost a race for the others', async () => {
    const rollout = await rolledOut();
    const traffic = production(rollout, { usersPerMinute: 600, success: bad });
    for (let at = seconds; at <= 3 * minutes; at += seconds) traffic.second(at);
    const clock = { ...simulatedClock({ until: 60 * minutes }), now: () => start + 3 * minutes };
    const acting = actingDesk(rollout.outside);
    let races = 0;
    const desk: Desk = {
      ...acting,
      async carryOut(before, transitions) {
        const carried = await acting.carryOut(before, transitions);
        races += 1;
        // What takes versions back is written first, and by itself.
        return races === 1 ? { ...carried, rollouts: null } : carried;
      },
    };
    const { happened } = await watch(rollout, clock, { desk, once: true });
    expect(happened.map(({ entry }) => entry.what)).toEqual(['reverted']);
    expect((await rollout.state()).canary).toBeNull();
  });

  it('promotes nothing without telemetry, however long', async () => {
    const rollout = await rolledOut();
    const clock = simulatedClock({ until: 20 * 24 * 60 * minutes });
    const { end } = await watch(rollout, clock, { interval: 48 * 60 * minutes });
    expect(end).toBe('stopped');
    const { canary, log } = await rollout.state();
    expect(canary?.percent).toBe(10);
    expect(log.at(-1)).toMatchObject({
      what: 'held',
      reasons: [expect.stringContaining('no telemetry'), expect.anything(), expect.anything()],
    });
  });

  it('promotes nothing when telemetry ends before the time is over, whatever it said', async () => {
    const rollout = await rolledOut();
    const traffic = production(rollout, { usersPerMinute: 60, success: good });
    const clock = simulatedClock({
      until: 3 * 60 * minutes,
      happens: (at) => (at <= 45 * minutes ? traffic.second(at) : undefined),
    });
    await watch(rollout, clock, { interval: 15 * minutes });
    expect((await rollout.state()).canary).toMatchObject({
      percent: 10,
      decision: { kind: 'hold', causes: ['telemetry'] },
    });
  });

  it('counts every user once, with a restart after any look', async () => {
    const rollout = await rolledOut();
    const traffic = production(rollout, { usersPerMinute: 60, success: good });
    let users = 0;
    for (let round = 1; round <= 6; round++) {
      for (let second = 0; second < 60; second++) traffic.second((round * 60 + second) * seconds);
      users += 60;
      const clock = simulatedClock({ until: 24 * 60 * minutes });
      // Some are killed before they write what they read.
      const killed = round % 3 === 0 ? { commit: () => Promise.reject(new Error('killed')) } : {};
      const branch = { ...(await stateBranch(rollout.folder)), ...killed };
      await watch(
        { ...rollout, branch },
        { ...clock, now: () => start + (round + 2) * minutes },
        { once: true },
      ).catch((error) => expect(error.message).toBe('killed'));
    }
    const last = await watch(
      rollout,
      { ...simulatedClock({ until: 1 }), now: () => start + 9 * minutes },
      { once: true },
    );
    const evidence = last.states[0]?.canary?.evidence;
    const counted =
      evidence?.metrics['success']?.from === 'users' ? evidence.metrics['success'].counted : null;
    expect((counted?.canary ?? 0) + (counted?.control ?? 0)).toBeGreaterThan(users - 5);
    expect((counted?.canary ?? 0) + (counted?.control ?? 0)).toBeLessThanOrEqual(users);
    expect(stateIn(await loadRollouts(rollout.branch))).toEqual(last.states[0]);
  });

  it('judges and writes nothing in a dry run', async () => {
    const rollout = await rolledOut();
    const before = rollout.history();
    const traffic = production(rollout, { usersPerMinute: 600, success: bad });
    const clock = simulatedClock({ until: 60 * minutes, happens: traffic.second });
    const { end, happened } = await watch(rollout, clock, { desk: dryDesk(rollout.branch) });
    expect([end, happened.at(-1)?.entry.what]).toEqual(['step', 'reverted']);
    expect(rollout.history()).toEqual(before);
    expect((await rollout.state()).canary?.percent).toBe(10);
  });

  it('leaves a due step to somebody else where asked, once, and takes it where asked to', async () => {
    const rollout = await rolledOut();
    const traffic = production(rollout, { usersPerMinute: 60, success: good });
    const clock = simulatedClock({ until: 100 * minutes, happens: traffic.second });
    const asked = { promote: false, interval: 15 * minutes };
    expect((await watch(rollout, clock, asked)).end).toBe('ready');
    expect((await rollout.state()).canary).toMatchObject({ percent: 10, decision: { causes: ['frozen'] } });
    expect((await rollout.state()).frozen).toBeNull();
    expect((await watch(rollout, clock, asked)).end).toBe('stopped');
    traffic.second(101 * minutes);
    await watch(rollout, { ...clock, now: () => start + 101 * minutes }, { once: true });
    expect((await rollout.state()).canary?.percent).toBe(25);
  });

  it('has nothing to do where no rollout is under way', async () => {
    const rollout = await rolledOut();
    await person(rollout.folder, 'revert', 0);
    const { end } = await watch(rollout, simulatedClock({ until: minutes }));
    expect(end).toBe('nothing under way');
  });
});

describe('a person', () => {
  it('who reverts while the watch sleeps is noticed at the next look, and never overruled', async () => {
    const rollout = await rolledOut();
    const traffic = production(rollout, { usersPerMinute: 60, success: good });
    const clock = simulatedClock({
      until: 3 * 60 * minutes,
      async happens(at) {
        traffic.second(at);
        if (at === 30 * minutes + 7 * seconds) await person(rollout.folder, 'emergency', at);
      },
    });
    const { end, happened } = await watch(rollout, clock, { interval: 5 * minutes });
    expect(end).toBe('step');
    expect(happened.map(({ entry: { what, by } }) => [what, by])).toEqual([['reverted', 'ada']]);
    expect(clock.passed()).toBe(35 * minutes);
    const { canary, frozen, stable } = await rollout.state();
    expect([canary, frozen?.by, stable?.version]).toEqual([null, 'ada', '1.0.0']);
  });

  it('who reverts while the watch decides otherwise wins', async () => {
    const rollout = await rolledOut();
    const traffic = production(rollout, { usersPerMinute: 60, success: good });
    const clock = simulatedClock({ until: 3 * 60 * minutes, happens: traffic.second });
    let isReverted = false;
    // Between the reading and the push of the promotion.
    const branch = {
      ...rollout.branch,
      commit: async (change: Parameters<typeof rollout.branch.commit>[0]) => {
        if (change.message.includes('promoted') && !isReverted) {
          isReverted = true;
          await person(rollout.folder, 'revert', clock.passed());
        }
        return rollout.branch.commit(change);
      },
    };
    const { happened } = await watch({ ...rollout, branch }, clock, { interval: 15 * minutes });
    expect(happened.map(({ entry: { what, by } }) => [what, by])).toEqual([['reverted', 'ada']]);
    expect((await rollout.state()).canary).toBeNull();
    expect(rollout.history().join()).not.toContain('promoted');
  });

  it('who freezes stops promotions and loses no evidence', async () => {
    const rollout = await rolledOut();
    const traffic = production(rollout, { usersPerMinute: 60, success: good });
    const clock = simulatedClock({
      until: 80 * minutes,
      async happens(at) {
        traffic.second(at);
        if (at === 33 * minutes) await person(rollout.folder, 'freeze', at);
      },
    });
    const { end } = await watch(rollout, clock, { interval: 15 * minutes });
    expect(end).toBe('stopped');
    const { canary } = await rollout.state();
    expect(canary).toMatchObject({ percent: 10, decision: { causes: ['frozen'] } });
    const { control = 0, canary: exposed = 0 } = canary?.decision?.evidence.metrics['success']?.counted ?? {};
    expect(control + exposed).toBeGreaterThan(0.98 * 75 * 60);
  });
});

describe('two watchers', () => {
  it('of one rollout: one goes on, the other leaves', async () => {
    const rollout = await rolledOut();
    const traffic = production(rollout, { usersPerMinute: 60, success: good });
    let at = 0;
    const clock = {
      now: () => start + at,
      isOver: () => at > 3 * 60 * minutes,
      async sleep(milliseconds: number) {
        for (const end = at + milliseconds; at < end; ) {
          at += seconds;
          traffic.second(at);
        }
      },
    };
    const others = { ...rollout, branch: await stateBranch(rollout.folder) };
    const ended = await Promise.all([
      watch(rollout, clock, { interval: 10 * minutes }),
      watch(others, clock, { interval: 10 * minutes }),
    ]);
    expect(ended.map(({ end }) => end).toSorted()).toEqual(['step', 'taken over']);
    expect(rollout.history().filter((message) => message.includes('promoted'))).toHaveLength(1);
  });

  it('are not seen in a write that arrived without an answer', async () => {
    const rollout = await rolledOut();
    const traffic = production(rollout, { usersPerMinute: 60, success: good });
    const clock = simulatedClock({ until: 3 * 60 * minutes, happens: traffic.second });
    let commits = 0;
    const branch = {
      ...rollout.branch,
      commit: async (change: Parameters<typeof rollout.branch.commit>[0]) => {
        const commit = await rollout.branch.commit(change);
        if (++commits % 2 === 0) throw outsideError('the connection was lost');
        return commit;
      },
    };
    const notes: string[] = [];
    const { end } = await watch({ ...rollout, branch }, clock, { interval: 10 * minutes, notes });
    expect(end).toBe('step');
    expect(notes).toContain('the connection was lost');
    expect((await rollout.state()).canary?.percent).toBe(25);
  });
});
