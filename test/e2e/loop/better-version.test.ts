import { expect, it, vi } from 'vitest';
import { figuresOf } from './application.ts';
import { openLoopPlace } from './loop-place.ts';
import { reviewHarvest } from './review.ts';
import { hours, minutes } from './world-clock.ts';

/** A share as people read it. */
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** The share of German when users begin to speak it. */
const most = 0.9;

// Most of the time is spent waiting: writes to GitHub keep a second's distance.
it('an assistant whose users begin to speak German is found out, improved, released step by step, and understands them', async () => {
  const place = await openLoopPlace();
  const { clock, alerts, due, harvest, optimize, release, watch, merge, issues, open, steps } = place;
  const nightly = 3 * hours + 23 * minutes;
  const shortlyAfterMidnight = 41 * minutes;

  // The prompt that was written by hand is improved in the first night, and is everybody's.
  clock.goTo(0, nightly);
  const first = await optimize();
  expect(first.stdout).toContain('assistant/intent: it was never optimized\n');
  expect(open().map(({ title }) => title)).toEqual([
    expect.stringMatching(/^Improve assistant\/intent: 1\.0\.0 to 1\.1\.0/),
  ]);
  await merge();
  expect(await release()).toMatchObject({ exitCode: 0 });
  const application = await place.startApplication();
  expect(application.serves()).toEqual({ stable: '1.1.0', canary: null, percent: 0 });

  const day = (nth: number, users: number, german: number) => {
    clock.goTo(nth, 6 * hours);
    return application.serve(users, german, (share) => clock.pass(16 * hours * share));
  };
  const figures = (from: number, to: number) => figuresOf(application.between(clock.at(from), clock.at(to)));
  /** What the summary of a job must say of the day before, as the application counted it. */
  const lastDay = (version: string, { users, success, feedback }: ReturnType<typeof figures>) =>
    new RegExp(
      `\\| last day \\| ${version} \\| assistant \\| ${users} \\| ${users} \\| ${percent(success)} \\|.*\\| ${percent(feedback.mean)} \\(${feedback.n}\\) \\|`,
    );

  // Four days in which all is well.
  for (const nth of [1, 2, 3, 4]) await day(nth, 150, 0);
  clock.goTo(5, shortlyAfterMidnight);
  const usual = figures(1, 4);
  expect(usual.understood).toBeGreaterThan(0.94);
  const quiet = await alerts();
  expect(quiet).toMatchObject({ exitCode: 0 });
  expect(quiet.summary).toMatch(lastDay('1.1.0', figures(4, 5)));
  expect(issues()).toEqual([]);
  expect(await due()).toMatchObject({ matrix: [], stdout: expect.stringContaining('Nothing is due.') });

  // Users begin to speak German, which the prompt shows nothing of.
  await day(5, 200, most);
  clock.goTo(6, shortlyAfterMidnight);
  const bad = figures(5, 6);
  expect(bad.understood).toBeLessThan(usual.understood - 0.3);
  const told = await alerts();
  expect(told).toMatchObject({ exitCode: 0 });
  expect(told.summary).toMatch(lastDay('1.1.0', bad));
  expect(issues().map(({ title }) => title)).toEqual([
    `assistant/intent: success is ${percent(bad.success)} (rule success)`,
    `assistant/intent: feedback is ${percent(bad.feedback.mean)} (rule feedback)`,
    'assistant/intent: input shift: language',
    'assistant/intent: model drift of 1.1.0 assistant: success',
  ]);
  const [ofSuccess, ofFeedback] = issues().map(({ body }) => body);
  expect(ofSuccess).toContain(
    `, 200 users: ${percent(bad.success)} against ${percent(usual.success)} in the baseline`,
  );
  expect(ofFeedback).toContain(
    `, ${bad.feedback.n} users: ${percent(bad.feedback.mean)} against ${percent(usual.feedback.mean)} in the baseline`,
  );
  const needed = await due();
  expect(needed.matrix).toEqual([{ family: 'assistant', ids: 'assistant/intent' }]);
  const fall = `success fell by ${percent(1 - bad.success / usual.success)}: from ${percent(usual.success)} in the baseline to ${percent(bad.success)}; 200 users`;
  expect(needed.stdout).toContain(`assistant/intent: ${fall} from 2040-03-10 00:00 UTC`);
  expect(needed.stdout).toContain('assistant/intent: input shift: language; ');

  // What they say becomes data, when somebody has read it.
  const harvested = await harvest();
  expect(JSON.parse(harvested.outputs['harvested'] ?? '')).toMatchObject([{ outcome: 'opened', rows: 100 }]);
  clock.goTo(6, 9 * hours);
  await reviewHarvest(place);
  await merge();

  // The search learns from it, and what it found is released.
  const second = await optimize();
  expect(second.stdout).toContain(fall);
  const [proposal] = open();
  expect(proposal?.title).toMatch(/^Improve assistant\/intent: 1\.1\.0 to 1\.2\.0/);
  expect(proposal?.body).toMatch(/\+\d\d\.\d points/);
  await merge();
  expect(await release()).toMatchObject({ exitCode: 0 });

  expect(Object.keys(place.releases())).toEqual([
    'prompts/assistant/intent@1.1.0',
    'rollouts/assistant/intent@1.1.0/100',
    'prompts/assistant/intent@1.2.0',
    'rollouts/assistant/intent@1.2.0/010',
  ]);
  let before: ReadonlySet<string> = new Set();
  const ramp = [
    { at: 10, users: 700 },
    { at: 25, users: 250 },
    { at: 50, users: 100 },
    { at: 75, users: 100 },
  ];
  for (const { at, users } of ramp) {
    const served = { stable: '1.1.0', canary: '1.2.0', percent: at };
    await vi.waitFor(() => expect(application.serves()).toEqual(served), 120_000);
    expect((await steps()).at(-1)).toBe(`1.2.0/0${at}`);
    // Who has the new version keeps it.
    const now = application.membersWith('1.2.0');
    expect([...before].filter((member) => !now.has(member))).toEqual([]);
    expect(Math.abs(now.size - 10 * at)).toBeLessThan(50);
    before = now;
    await application.serve(users, most, (share) => clock.pass(75 * minutes * share));
    const watched = await watch(at === 10 ? 'release' : 'step');
    expect(watched).toMatchObject({
      exitCode: 0,
      outputs: { 'under-way': at === 75 ? '[]' : '["assistant/intent"]' },
    });
    expect((await place.rollouts()).page).toContain(
      at === 75
        ? 'No rollout is under way; 1.2.0 is served to everybody.'
        : `**1.2.0 goes to ${at === 10 ? 25 : at + 25} %** of users`,
    );
  }
  const everybody = { stable: '1.2.0', canary: null, percent: 0 };
  await vi.waitFor(() => expect(application.serves()).toEqual(everybody), 120_000);
  expect(application.membersWith('1.2.0').size).toBe(1000);
  expect(await steps()).toEqual([
    '1.1.0/100',
    ...['010', '025', '050', '075', '100'].map((step) => `1.2.0/${step}`),
  ]);

  expect(await watch('step')).toMatchObject({ exitCode: 0, outputs: { 'under-way': '[]' } });
  expect(issues()).toHaveLength(4);

  // Users are understood as before, and nobody is asked for anything.
  await day(7, 150, most);
  clock.goTo(8, shortlyAfterMidnight);
  expect(await due()).toMatchObject({ matrix: [], stdout: expect.stringContaining('Nothing is due.') });
  for (const nth of [8, 9, 10]) await day(nth, 150, most);
  clock.goTo(11, shortlyAfterMidnight);
  const good = figures(10, 11);
  expect(good.understood).toBeGreaterThan(0.9);
  const resolved = await alerts();
  expect(resolved.summary).toMatch(lastDay('1.2.0', good));
  expect(issues().map(({ state }) => state)).toEqual(Array(4).fill('closed'));
  for (const { body } of issues().slice(0, 3)) expect(body).toContain('**Resolved, seen 2040-03-16 00:');
  expect(issues()[0]?.body).toContain(`, 150 users: ${percent(good.success)} against`);
});
