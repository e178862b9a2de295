import pMap from 'p-map';
import { expect, it } from 'vitest';
import { sha256 } from '../../src/commands/release/assets.ts';
import { formatManifest, manifestOf } from '../../src/rollout/manifest.ts';
import { formatState, initialState } from '../../src/rollout/state.ts';
import { transition } from '../../src/rollout/transition.ts';
import { isChange } from '../e2e/github/requests.ts';
import type { Emulator } from '../emulator/emulator.ts';
import { killAround } from '../emulator/kills.ts';
import { runningEmulator } from '../emulator/running.ts';
import { planWith } from '../rollout/fixtures.ts';
import { digestOf, releasedRepository, second } from './released-repository.ts';

type App = Awaited<ReturnType<typeof releasedRepository>>;

/** A repository whose first version is everybody's and whose second has just been merged. */
async function mergedRepository(emulator: Emulator, name: string): Promise<App> {
  const app = await releasedRepository(name, { emulator, immutableReleases: true });
  const { git } = app.repository;
  const none = '0'.repeat(40);
  const first = (await git.resolve('main')) ?? '';
  for (const tag of ['prompts/mood/default@1.0.0', 'rollouts/mood/default@1.0.0/100'])
    await git.update(`refs/tags/${tag}`, none, first);
  const release = {
    version: '1.0.0',
    ref: 'prompts/mood/default@1.0.0',
    sha256: digestOf('Good or bad?'),
  };
  const event = { type: 'released', release, cursor: {}, at: '2026-03-01T00:00:00.000Z' } as const;
  const { state } = transition(initialState('mood/default'), event, planWith());
  const person = { name: 'ada', email: 'ada@example.org', date: '2026-03-01T00:00:00Z' };
  const files = {
    'state/mood/default.json': formatState(state),
    'flags.json': formatManifest(manifestOf([state])),
  };
  const tree = await git.writeTree(
    undefined,
    Object.entries(files).map(([path, text]) => ({ path, content: Buffer.from(text) })),
  );
  const commit = await git.writeCommit({
    tree,
    parents: [],
    author: person,
    committer: person,
    message: 'x\n',
  });
  await git.update('refs/heads/promptline-rollouts', none, commit);
  await app.merge(second);
  return app;
}

/** All that a release leaves, without what is another in each run. */
async function leftBy({ repository, releases, branch }: App): Promise<string> {
  expect([...repository.releases.values()].filter(({ draft }) => draft)).toEqual([]);
  const { SHA256SUMS: sums = '', ...files } = releases()['prompts/mood/default@1.1.0']?.assets ?? {};
  for (const [name, text] of Object.entries(files)) expect(sums).toContain(`${sha256(text)}  ${name}\n`);
  const tags = (await repository.git.references('refs/tags')).map(({ ref }) => ref);
  // Each app's name is in its provenance, and so in the sums.
  return JSON.stringify({ tags, releases: releases(), branch: await branch() }, null, 1)
    .replaceAll(/octo\/app-\w+/g, 'octo/app')
    .replaceAll(/[0-9a-f]{64}|[0-9a-f]{40}|(?<=Made from )[0-9a-f]{10}/g, 'X')
    .replaceAll(/\d{4}-\d\d-\d\d(T[\d:.]+Z| [\d:]+ UTC)/g, 'T');
}

it('ends in one state wherever it was killed, around any request that changes something', {
  timeout: 1_200_000,
}, async () => {
  const emulator = await runningEmulator();
  const whole = await mergedRepository(emulator, 'octo/app-whole');
  const { exitCode, sent } = await whole.release();
  expect(exitCode).toBe(0);
  const expected = await leftBy(whole);
  expect(expected).toContain('"percent": 10');
  expect(sent.length).toBeGreaterThan(20);
  // Between two changes nothing moves: whoever is killed there leaves what the change before left.
  const changes = sent.flatMap((request, skip) => (isChange(request) && request.status < 400 ? [skip] : []));
  const [first = -1] = changes;
  const kills = [{ skip: first, effect: false }, ...changes.map((skip) => ({ skip, effect: true }))];
  await pMap(
    kills,
    async ({ skip, effect }) => {
      const name = `octo/app-${skip}${effect ? 'after' : 'before'}`;
      const app = await mergedRepository(emulator, name);
      const on = new RegExp(`/${name}(/|\\.git|$)`);
      const killed = await app.release({
        started: (child) => killAround(emulator, child, { on, skip, effect }),
      });
      expect({ skip, effect, code: killed.exitCode }).toEqual({ skip, effect, code: -1 });
      const again = await app.release();
      expect({ skip, effect, code: again.exitCode, out: again.stdout }).toMatchObject({ code: 0 });
      expect({ skip, effect, left: await leftBy(app) }).toEqual({ skip, effect, left: expected });
    },
    { concurrency: 8 },
  );
});
