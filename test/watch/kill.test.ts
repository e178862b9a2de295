import { appendFileSync } from 'node:fs';
import path from 'node:path';
import pMap from 'p-map';
import { describe, expect, it } from 'vitest';
import { killAround } from '../emulator/kills.ts';
import type { Job } from '../emulator/runner.ts';
import { runningEmulator } from '../emulator/running.ts';
import { isPull } from '../emulator/state.ts';
import { scratchFolder } from '../files/scratch.ts';
import { releasedRepository, second } from '../release/released-repository.ts';
import { callLine, start } from '../telemetry/otlp-lines.ts';

const prompt = 'mood/default';

/** 1.1.0 goes to the first users, and telemetry of it lies in a folder. */
async function rollingOut({ canarySucceeds }: { readonly canarySucceeds: number }) {
  const telemetry = scratchFolder({});
  const app = await watched({
    rollout: `rollout:
  metrics: { success: {} }
  steps: [{ percent: 10, dwell: 0s, leastUsers: 20 }, { percent: 50, dwell: 1h }, { percent: 100 }]
telemetry: { sources: [{ type: otlp-file, path: "${telemetry}" }] }
`,
  });
  expect((await app.run('release')).exitCode).toBe(0);
  await app.merge(second);
  expect((await app.run('release')).exitCode).toBe(0);
  for (let user = 0; user < 1200; user++) {
    const isCanary = user % 10 === 0;
    const failed = isCanary ? user % 100 >= 100 * canarySucceeds : user % 10 === 9;
    const version = isCanary ? '1.1.0' : '1.0.0';
    const at = Date.now() - start;
    const line = callLine({ at, user: `user ${user}`, version, failed, generation: 2, prompt });
    appendFileSync(path.join(telemetry, 'data.json'), line);
  }
  return app;
}

/** A repository on a GitHub of its own, with the token of a job that may watch. */
async function watched(settings: Omit<Parameters<typeof releasedRepository>[1], 'emulator'>) {
  const app = await releasedRepository('octo/app', { emulator: await runningEmulator(), ...settings });
  const token = app.emulator.tokens.workflow(app.repository, {
    contents: 'write',
    issues: 'write',
    'pull-requests': 'write',
  });
  const run = (command: string, hooks: Pick<Job, 'started'> = {}) =>
    app.release({ ...hooks, token, inputs: { command, 'github-token': token } });
  return { ...app, run };
}

type App = Awaited<ReturnType<typeof watched>>;

/** All that a watch leaves: what is served, what happened, and every record of it. */
async function leftBy({ repository, releases, branch, emulator }: App) {
  const { manifest, states } = (await branch()) ?? {};
  const issues = [...repository.issues.values()].map((issue) => [
    isPull(issue) ? 'pull request' : 'issue',
    issue.title,
  ]);
  return {
    served: JSON.stringify(manifest?.flags[`prompt.${prompt}`]).replaceAll(/[0-9a-f]{64}/g, 'X'),
    log: states?.[prompt]?.log.map(({ what, percent }) => `${what} ${percent}`),
    tags: (await repository.git.references('refs/tags')).map(({ ref }) => ref),
    releases: Object.keys(releases()).toSorted(),
    drafts: [...repository.releases.values()].filter(({ draft }) => draft).length,
    issues,
    violations: emulator.violations.length,
  };
}

/** A request that changes something: the boundaries of effects. */
const writes = /^(POST|PATCH|PUT) (?!.*git-upload-pack)/;

describe.each([
  ['promotion', 1, ['finished 100', 'started 10', 'promoted 50']],
  ['revert', 0.3, ['finished 100', 'started 10', 'reverted 0']],
] as const)('a %s', (_, canarySucceeds, log) => {
  it('ends in one state wherever the watch is killed', { timeout: 1_200_000 }, async () => {
    const begun = await rollingOut({ canarySucceeds });
    const again = () => watched({ copyOf: begun.repository });
    const whole = await again();
    const before = whole.emulator.requests.length;
    await whole.run('watch --once');
    const sent = whole.emulator.requests.slice(before).filter(({ line }) => writes.test(line));
    const expected = await leftBy(whole);
    expect(expected.log).toEqual(log);
    expect(sent.length).toBeGreaterThanOrEqual(3);
    // Before each but the first everything is as it was after the one before.
    const kills = [{ skip: 0, effect: false }, ...sent.map((__, skip) => ({ skip, effect: true }))];
    await pMap(
      kills,
      async ({ skip, effect }) => {
        const app = await again();
        const killed = await app.run('watch --once', {
          started: (child) => killAround(app.emulator, child, { on: writes, skip, effect }),
        });
        expect({ skip, effect, code: killed.exitCode }).toEqual({ skip, effect, code: -1 });
        // Whoever is served at this moment is served by a manifest that can be read.
        const served = (await app.branch())?.manifest.flags[`prompt.${prompt}`];
        expect(served?.variants.stable.version).toBe('1.0.0');
        await app.run('watch --once');
        expect({ skip, effect, left: await leftBy(app) }).toEqual({ skip, effect, left: expected });
      },
      { concurrency: 3 },
    );
  });
});
