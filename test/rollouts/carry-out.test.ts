import { describe, expect, it } from 'vitest';
import { carryOut, type Outside, reconcile } from '../../src/commands/rollouts/carry-out.ts';
import { noPublisher } from '../../src/commands/rollouts/publisher.ts';
import {
  loadRollouts,
  type Rollouts,
  saveRollouts,
  stateOf,
} from '../../src/commands/rollouts/state-files.ts';
import { openGitHub } from '../../src/host/github/github.ts';
import { promptDigest } from '../../src/prompts/version.ts';
import { parseManifest } from '../../src/rollout/manifest.ts';
import type { RolloutState } from '../../src/rollout/state.ts';
import { transition } from '../../src/rollout/transition.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { runningEmulator } from '../emulator/running.ts';
import { isPull } from '../emulator/state.ts';
import { git, remoteRepository, stateBranch } from '../host/remote-repository.ts';
import { byPerson, minute, observed, planWith, play, prompt, release, traffic } from '../rollout/fixtures.ts';

const plan = planWith();
const file = `prompts/${prompt}.prompt.yaml`;
const permissions = { contents: 'write', issues: 'write', 'pull-requests': 'write' } as const;

const text = (version: string) => `version: ${version}
model: local/echo
messages:
  - { role: user, content: "Wording of ${version}" }
`;

const digestOf = (version: string) =>
  promptDigest({
    model: 'local/echo',
    parameters: {},
    messages: [{ role: 'user', content: `Wording of ${version}` }],
  });

const merged = (version: string) => {
  const event = { type: 'released', release: { ...release(version), sha256: digestOf(version) } } as const;
  return { ...event, cursor: {}, at: minute(0) };
};

/** 1.1.0 is merged and goes to a tenth. */
async function underWay() {
  const emulator = await runningEmulator();
  const repository = await emulator.repository('octo/app', { files: { [file]: text('1.0.0') } });
  const bare = repository.git;
  const [none, first] = ['0'.repeat(40), (await bare.resolve('main')) ?? ''];
  await bare.update(`refs/tags/${release('1.0.0').ref}`, none, first);
  const person = { name: 'ada', email: 'ada@example.org', date: '2026-03-01T00:00:00Z' };
  const commit = async (version: string, parent: string) => {
    const { tree } = await bare.commit(parent);
    const made = await bare.writeCommit({
      tree: await bare.writeTree(tree, [{ path: file, content: Buffer.from(text(version)) }]),
      parents: [parent],
      author: person,
      committer: person,
      message: `${version}\n`,
    });
    await bare.update('refs/heads/main', parent, made);
    return made;
  };
  const second = await commit('1.1.0', first);
  await bare.update(`refs/tags/${release('1.1.0').ref}`, none, second);
  const token = emulator.tokens.workflow(repository, permissions);
  const clone = remoteRepository().clone();
  git(clone, 'remote', 'set-url', 'origin', `${emulator.urls.server}/octo/app`);
  const branch = await stateBranch(clone, { GITHUB_TOKEN: token, GITHUB_SERVER_URL: emulator.urls.server });
  const host = openGitHub({ token, repository: 'octo/app', apiUrl: emulator.urls.api, note: () => {} });
  const alerts: string[] = [];
  const outside: Outside = {
    branch,
    publisher: noPublisher,
    host,
    plan,
    folder: '',
    defaultModel: 'local/echo',
    alert: async (_, { what, version }) => void alerts.push(`${version} ${what}`),
  };
  const { state } = play([merged('1.0.0'), merged('1.1.0')], plan);
  const begun = await saveRollouts(
    branch,
    { commit: null, states: new Map(), broken: new Map() },
    { changed: [state], plan, message: 'x' },
  );
  return {
    emulator,
    repository,
    outside,
    alerts,
    merge: (version: string) => commit(version, second),
    begun: begun!,
  };
}

/** What the canary's failing does to its rollout. */
function worse(rollouts: Rollouts) {
  const state = stateOf(rollouts, prompt);
  const users = traffic(createRandom('worse'), { users: 2000, percent: 10, control: 0.9, canary: 0.5 });
  return transition(state, observed(state, users, 5), plan);
}

describe('a revert', () => {
  it('is served before GitHub is asked for anything, then recorded with its evidence', async () => {
    const { emulator, repository, outside, alerts, begun } = await underWay();
    const asked = emulator.requests.length;
    const { rollouts, problems } = await carryOut(outside, begun, [worse(begun)]);
    expect(problems).toEqual([]);
    const lines = emulator.requests.slice(asked).map(({ line }) => line);
    expect(lines.findIndex((line) => line.includes('git-receive-pack'))).toBeLessThan(
      lines.findIndex((line) => line.includes('/api/')),
    );
    const { files } = await outside.branch.read();
    const { flags } = parseManifest(files.get('flags.json') ?? '', 'flags.json');
    expect(Object.values(flags)[0]).toMatchObject({ variants: { stable: { version: '1.0.0' } } });
    expect(Object.values(flags)[0]).not.toHaveProperty('targeting');
    expect(alerts).toEqual(['1.1.0 reverted']);
    expect(await repository.git.resolve(`refs/tags/rollouts/${prompt}@1.1.0/reverted`)).toBeDefined();
    const [issue, pull] = [...repository.issues.values()];
    expect(issue).toMatchObject({ title: `${prompt} 1.1.0 was reverted`, state: 'open' });
    expect(issue?.body).toMatch(/\| success \| \d\d\.\d\s%\s\(1\d\d\) \| \d\d\.\d\s%\s\(1,\d+\) \|/);
    expect(issue?.body).toContain('```mermaid');
    expect(pull).toMatchObject({ title: `Restore ${prompt} 1.0.0` });
    const head = pull && isPull(pull) ? pull.pull.headSha : '';
    expect((await repository.git.object(`${head}:${file}`))?.content.toString()).toBe(text('1.0.0'));
    expect(await reconcile(outside, rollouts!)).toEqual([]);
    expect(repository.issues.size).toBe(2);
  });

  it('is served while GitHub answers nothing, and recorded by the next run', async () => {
    const { emulator, repository, outside, begun } = await underWay();
    const down = {
      on: /\/repos\//,
      fault: { kind: 'status', status: 422, message: 'down' },
      times: 30,
    } as const;
    emulator.inject(down);
    const { rollouts, problems } = await carryOut(outside, begun, [worse(begun)]);
    expect(stateOf(rollouts!, prompt).canary).toBeNull();
    expect(problems).toHaveLength(3);
    expect(repository.issues.size).toBe(0);
    while (await isDown(emulator.urls.api));
    expect(await reconcile(outside, await loadRollouts(outside.branch))).toEqual([]);
    expect(repository.issues.size).toBe(2);
    const tags = await outside.host.tagsBeginning(`rollouts/${prompt}@`);
    expect([...tags.keys()].sort()).toEqual([
      `rollouts/${prompt}@1.0.0/100`,
      `rollouts/${prompt}@1.1.0/010`,
      `rollouts/${prompt}@1.1.0/reverted`,
    ]);
  });

  it('proposes nothing where the file has been changed since', async () => {
    const { repository, outside, merge, begun } = await underWay();
    await merge('1.2.0');
    const { problems } = await carryOut(outside, begun, [worse(begun)]);
    expect(problems).toEqual([]);
    expect([...repository.issues.values()].filter(isPull)).toEqual([]);
  });

  it('does nothing where someone else was faster, whoever that was', async () => {
    const { repository, outside, alerts, begun } = await underWay();
    const mine = worse(begun);
    const theirs = transition(stateOf(begun, prompt), byPerson('freeze'), plan);
    expect((await carryOut(outside, begun, [theirs])).rollouts).not.toBeNull();
    expect(await carryOut(outside, begun, [mine])).toEqual({ rollouts: null, problems: [] });
    expect(alerts).toEqual([]);
    expect(repository.issues.size).toBe(0);
    const now = stateOf(await loadRollouts(outside.branch), prompt);
    expect([now.frozen?.by, now.canary?.percent]).toEqual(['ada', 10]);
  });
});

describe('a promotion', () => {
  it('is not served while its release is not published; a revert beside it is', async () => {
    const { outside, begun } = await underWay();
    const other: RolloutState = { ...stateOf(begun, prompt), prompt: 'another/one' };
    const both = await saveRollouts(outside.branch, begun, { changed: [other], plan, message: 'x' });
    const advanced = transition(stateOf(both!, prompt), byPerson('advance'), plan);
    const reverted = transition(stateOf(both!, 'another/one'), byPerson('revert'), plan);
    const { rollouts, problems } = await carryOut(outside, both!, [advanced, reverted]);
    expect(problems[0]?.message).toContain(`the tag prompts/another/one@1.1.0 is gone`);
    expect(problems.at(-1)?.message).toContain(
      `${release('1.1.0').ref} is not published, so it is not served`,
    );
    expect(stateOf(rollouts!, prompt).canary?.percent).toBe(10);
    expect(stateOf(rollouts!, 'another/one').canary).toBeNull();
  });
});

async function isDown(api: string): Promise<boolean> {
  return (await fetch(`${api}/repos/octo/app`)).status === 422;
}
