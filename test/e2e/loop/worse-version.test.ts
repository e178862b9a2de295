import { expect, it, vi } from 'vitest';
import { isChange } from '../github/requests.ts';
import { figuresOf } from './application.ts';
import { file, prompt } from './assistant-files.ts';
import { openLoopPlace } from './loop-place.ts';
import { hours, minutes } from './world-clock.ts';

/** The share of German. */
const most = 0.8;

// Most of the time is spent waiting: writes to GitHub keep a second's distance.
it('a version that is better on its data and worse for users goes back by itself, and is not served again until somebody clears it', async () => {
  const place = await openLoopPlace();
  const { clock, due, optimize, release, watch, merge, issues, open, steps, rollouts, proposeByHand } = place;
  const original = place.files[file] ?? '';

  // Most of the users speak German from the first day on; none of the rows does.
  clock.goTo(0, 9 * hours);
  expect(await release()).toMatchObject({ exitCode: 0 });
  const application = await place.startApplication();
  const everybody = { stable: '1.0.0', canary: null, percent: 0 };
  expect(application.serves()).toEqual(everybody);
  await application.serve(120, most, (share) => clock.pass(12 * hours * share));
  const usual = figuresOf(application.between(clock.at(0), clock.at(1)));

  clock.goTo(1, 3 * hours + 23 * minutes);
  await optimize();
  const [proposal] = open();
  expect(proposal?.title).toMatch(/^Improve assistant\/intent: 1\.0\.0 to 1\.1\.0/);
  expect(proposal?.body).toMatch(/\+\d\d\.\d points/);
  await merge();
  const content = (await place.read('main', file)) ?? '';
  expect(await release()).toMatchObject({ exitCode: 0 });
  const served = { stable: '1.0.0', canary: '1.1.0', percent: 10 };
  await vi.waitFor(() => expect(application.serves()).toEqual(served), 120_000);

  // The watch is at it when most of its users come.
  const began = Date.now();
  await application.serve(120, most);
  const [watched] = await Promise.all([
    watch('release'),
    vi
      .waitFor(async () => expect((await rollouts()).page).toContain('of at least 50 users'), {
        timeout: 300_000,
        interval: 500,
      })
      .then(() => application.serve(500, most)),
  ]);
  expect(watched).toMatchObject({ exitCode: 1, outputs: { 'exit-code': '1', 'under-way': '[]' } });
  expect(await steps()).toEqual(['1.0.0/100', '1.1.0/010', '1.1.0/reverted']);
  // What users get changes before anything is written down.
  const written = watched.sent.filter(isChange).map(({ line }) => partOf(line));
  expect([...new Set(written)].filter((part) => part !== 'git-upload-pack')).toEqual([
    'git-receive-pack',
    'releases',
    'issues',
    'git/refs',
    'graphql',
    'pulls',
    'issues/labels',
  ]);
  const [issue, ...others] = issues();
  expect(others).toEqual([]);
  expect(issue).toMatchObject({ title: `${prompt} 1.1.0 was reverted`, state: 'open' });
  // On what it rests, as the application knows it of the first users of the version.
  const row =
    /\| success \| ([\d.]+)\s%\s\((\d+)\) \| ([\d.]+)\s%\s\((\d+)\) \|/.exec(issue?.body ?? '') ?? [];
  const [harm = 0, counted = 0, usually = 0] = row.slice(1).map(Number);
  const visits = application.between(began, Date.now()).filter(({ version }) => version === '1.1.0');
  const worse = figuresOf(visits.slice(0, counted));
  expect(counted).toBeGreaterThanOrEqual(20);
  expect(harm).toBeCloseTo(100 * worse.success, 1);
  expect(Math.abs(usually - 100 * usual.success)).toBeLessThan(5);
  expect(worse.success).toBeLessThan(usual.success - 0.2);
  expect(worse.understood).toBeLessThan(usual.understood - 0.3);
  expect(issue?.body).toContain('"1.1.0: reverted"]:::bad');

  // Users have again what they had.
  await vi.waitFor(() => expect(application.serves()).toEqual(everybody), 120_000);
  expect(application.membersWith('1.0.0').size).toBe(1000);
  const reverted = Date.now();
  await application.serve(200, most, (share) => clock.pass(6 * hours * share));
  const again = figuresOf(application.between(reverted, Date.now() + 1));
  expect(Math.abs(again.success - usual.success)).toBeLessThan(0.05);
  expect(Math.abs(again.understood - usual.understood)).toBeLessThan(0.1);

  const [restoring] = open();
  expect(restoring?.title).toBe(`Restore ${prompt} 1.0.0`);
  await merge();
  expect(await place.read('main', file)).toBe(original);
  expect(await release()).toMatchObject({ exitCode: 0 });
  const { manifestText } = await rollouts();

  // The data are what they were, and what they led to is known.
  expect(await due()).toMatchObject({ matrix: [] });

  await proposeByHand('Try the version again', content.replace('version: 1.1.0', 'version: 1.2.0'));
  await merge();
  const refused = await release();
  expect(refused).toMatchObject({ exitCode: 1, outputs: { 'exit-code': '1' } });
  expect(refused.stdout).toContain('this content was reverted as 1.1.0');
  expect(Object.keys(place.releases())).toContain(`prompts/${prompt}@1.2.0`);
  expect((await rollouts()).manifestText).toBe(manifestText);
  expect((await rollouts()).page).toContain('Not served again until');

  const cleared = await place.byHand('rollout clear', 'German is no language of ours');
  expect(cleared).toMatchObject({ exitCode: 0 });
  expect((await rollouts()).manifestText).toBe(manifestText);
  expect((await rollouts()).page).not.toContain('Not served again until');
  expect(await release()).toMatchObject({ exitCode: 0 });
  expect((await steps()).at(-1)).toBe('1.2.0/010');
  const started = { stable: '1.0.0', canary: '1.2.0', percent: 10 };
  await vi.waitFor(() => expect(application.serves()).toEqual(started), 120_000);
});

/** What of the repository a request is for. */
function partOf(line: string): string {
  return line.replace(/^\w+ (\/api\/v3\/repos\/octo\/app|\/octo\/app|\/api)\//, '').replace(/\/\d+/, '');
}
