import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isPull } from '../../emulator/state.ts';
import { optimizeTerse, propose } from './optimize-workflow.ts';
import { type Finished, startModel } from './proposing-repository.ts';
import { isChange } from './requests.ts';
import { file, openRollingPlace, prompt, type RollingPlace } from './rolling-place.ts';

let address: string;

beforeAll(async () => {
  const model = await startModel();
  afterAll(() => model.close());
  address = model.address;
});

const usual = { success: 0.9, milliseconds: 800 };

/** 1.0.0 is everybody's. */
async function begin(finished: Finished): Promise<RollingPlace> {
  const place = await openRollingPlace(address, finished);
  expect(await place.release()).toMatchObject({ exitCode: 0 });
  expect(await place.served()).toEqual({ stable: '1.0.0', percent: 0 });
  return place;
}

// Writes to GitHub keep a second's distance: most of the time is spent waiting.
describe.concurrent('a version', { timeout: 600_000 }, () => {
  it('that is better is proposed, merged and released, and reaches more and more users until it is everybody’s', async ({
    onTestFinished,
  }) => {
    const place = await begin(onTestFinished);
    const { release, served, steps, watch, production, usersOf, branch } = place;
    const results = await optimizeTerse(place.files, onTestFinished);
    await propose(place, { event: await place.events.schedule('23 3 * * *'), results });
    expect(place.open().map(({ title }) => title)).toEqual([
      expect.stringMatching(/^Improve colors\/terse: 1\.0\.0 to 1\.1\.0/),
    ]);
    await place.merge();

    expect(await release()).toMatchObject({ exitCode: 0 });
    expect(Object.keys(place.releases())).toEqual([
      `prompts/${prompt}@1.0.0`,
      `rollouts/${prompt}@1.0.0/100`,
      `prompts/${prompt}@1.1.0`,
      `rollouts/${prompt}@1.1.0/010`,
    ]);
    let before = await usersOf('1.1.0');
    expect(Math.abs(before.size - 100)).toBeLessThan(40);

    const behaviour = { '1.0.0': usual, '1.1.0': { success: 0.95, milliseconds: 800 } };
    await production(100, behaviour);
    const [first] = await Promise.all([
      watch('release'),
      // The watch is at it when the others come.
      vi
        .waitFor(async () => expect((await branch()).page).toContain('of at least 20 users'), 60_000)
        .then(() => production(1200, behaviour)),
    ]);
    expect(first).toMatchObject({ exitCode: 0, outputs: { 'under-way': `["${prompt}"]` } });
    for (const percent of [25, 50, 75]) {
      expect(await served()).toEqual({ stable: '1.0.0', canary: '1.1.0', percent });
      expect((await steps()).at(-1)).toBe(`1.1.0/0${percent}`);
      expect((await branch()).page).toContain(`**1.1.0 goes to ${percent} %** of users`);
      const now = await usersOf('1.1.0');
      expect([...before].filter((user) => !now.has(user))).toEqual([]);
      expect(Math.abs(now.size - 10 * percent)).toBeLessThan(50);
      before = now;
      await production(100, behaviour);
      expect(await watch('step')).toMatchObject({ exitCode: 0 });
    }
    expect(await served()).toEqual({ stable: '1.1.0', percent: 0 });
    expect((await usersOf('1.1.0')).size).toBe(1000);
    expect(await steps()).toEqual([
      '1.0.0/100',
      ...['010', '025', '050', '075', '100'].map((step) => `1.1.0/${step}`),
    ]);
    expect((await branch()).page).toContain('No rollout is under way; 1.1.0 is served to everybody.');
    expect(await watch('step')).toMatchObject({ exitCode: 0, outputs: { 'under-way': '[]' } });
    expect([...place.repository.issues.values()].filter((issue) => !isPull(issue))).toEqual([]);
  });

  it('that is worse is reverted, restored in the repository, and not served again until somebody clears it', async ({
    onTestFinished,
  }) => {
    const place = await begin(onTestFinished);
    const { release, served, steps, watch, production, branch, proposeByHand, merge } = place;
    const good = place.files[file] ?? '';
    const bad = (version: string) =>
      good.replace('1.0.0', version).replace('The color, in one word.', 'Say something nice.');
    await proposeByHand('Try another wording', bad('1.1.0'));
    await merge();
    expect(await release()).toMatchObject({ exitCode: 0 });
    expect(await served()).toEqual({ stable: '1.0.0', canary: '1.1.0', percent: 10 });

    await production(1200, { '1.0.0': usual, '1.1.0': { success: 0.5, milliseconds: 900 } });
    const watched = await watch('release');
    expect(watched).toMatchObject({ exitCode: 1, outputs: { 'exit-code': '1', 'under-way': '[]' } });
    expect(await served()).toEqual({ stable: '1.0.0', percent: 0 });
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
    const { manifestText } = await branch();

    const [issue, ...others] = [...place.repository.issues.values()].filter((each) => !isPull(each));
    expect(others).toEqual([]);
    expect(issue).toMatchObject({ title: `${prompt} 1.1.0 was reverted`, state: 'open' });
    expect(issue?.body).toMatch(/\| success \| 5\d\.\d\s%\s\(1\d\d\) \| 90\.\d\s%\s\(1,\d+\) \|/);
    expect(issue?.body).toContain('"1.1.0: reverted"]:::bad');
    const [restoring] = place.open();
    expect(restoring?.title).toBe(`Restore ${prompt} 1.0.0`);
    await merge();
    expect(await place.read('main', file)).toBe(good);
    expect(await release()).toMatchObject({ exitCode: 0 });

    await proposeByHand('Try the wording again', bad('1.2.0'));
    await merge();
    const refused = await release();
    expect(refused).toMatchObject({ exitCode: 1, outputs: { 'exit-code': '1' } });
    expect(refused.stdout).toContain('this content was reverted as 1.1.0');
    expect(Object.keys(place.releases())).toContain(`prompts/${prompt}@1.2.0`);
    expect((await branch()).manifestText).toBe(manifestText);
    expect((await branch()).page).toContain('Not served again until');

    const cleared = await place.byHand('rollout clear', 'telemetry was wrong');
    expect(cleared).toMatchObject({ exitCode: 0 });
    expect((await branch()).manifestText).toBe(manifestText);
    expect((await branch()).page).not.toContain('Not served again until');
    expect(await release()).toMatchObject({ exitCode: 0 });
    expect(await served()).toEqual({ stable: '1.0.0', canary: '1.2.0', percent: 10 });
    expect((await steps()).at(-1)).toBe('1.2.0/010');
  });
});

/** What of the repository a request is for. */
function partOf(line: string): string {
  return line.replace(/^\w+ (\/api\/v3\/repos\/octo\/app|\/octo\/app|\/api)\//, '').replace(/\/\d+/, '');
}
