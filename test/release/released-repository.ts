import { Buffer } from 'node:buffer';
import { promptDigest } from '../../src/prompts/version.ts';
import { formatManifest, type Manifest, manifestOf, parseManifest } from '../../src/rollout/manifest.ts';
import { formatState, parseState, type RolloutState } from '../../src/rollout/state.ts';
import { transition } from '../../src/rollout/transition.ts';
import type { Emulator } from '../emulator/emulator.ts';
import type { RepositorySettings } from '../emulator/github.ts';
import { eventsOf } from '../emulator/payloads.ts';
import { type Job, type JobResult, runAction } from '../emulator/runner.ts';
import { runningEmulator } from '../emulator/running.ts';
import type { Repository } from '../emulator/state.ts';
import { byPerson, planWith } from '../rollout/fixtures.ts';

const model = 'local/echo';

/** The text of a prompt's file. */
export function promptText(version: string, wording: string): string {
  return `description: The mood of a text
version: ${version}
messages:
  - { role: system, content: "${wording}" }
  - { role: user, content: "{{text}}" }
`;
}

/** The digest of that prompt. */
export function digestOf(wording: string): string {
  const system = { role: 'system' as const, content: wording };
  return promptDigest({ model, parameters: {}, messages: [system, { role: 'user', content: '{{text}}' }] });
}

/** A scorebook with one entry for each version. */
function scores(...versions: readonly { version: string; wording: string; mean: number }[]): string {
  return versions
    .map(({ version, wording, mean }) => {
      const value = `{ mean: ${mean}, interval: [0.6, 0.9], n: 40 }`;
      return `- version: ${version}
  digest: ${digestOf(wording)}
  date: 2026-03-01
  model: ${model}
  dataset: { path: data/mood/test.yaml, digest: ${'d'.repeat(64)}, n: 40 }
  objective: ${value}
  metrics: { accuracy: ${value} }
`;
    })
    .join('');
}

const configuration = (rollout: string) => `models: { task: ${model} }
providers:
  local: { type: openai-compatible, baseUrl: "http://127.0.0.1:9/v1", tries: 1 }
families:
  mood:
    datasets: data/mood
    metrics:
      accuracy: { use: label_accuracy, field: mood, weight: 1 }
      latency: {}
${rollout}`;

/** A repository on the test GitHub with one prompt at 1.0.0, and how it is released. */
export async function releasedRepository(
  name: string,
  {
    emulator,
    rollout = 'rollout: {}\n',
    files = {},
    copyOf,
    ...settings
  }: { emulator: Emulator; rollout?: string; copyOf?: Repository } & RepositorySettings,
) {
  const repository = await emulator.repository(name, {
    ...settings,
    files: {
      'promptline.yaml': configuration(rollout),
      'prompts/mood/default.prompt.yaml': promptText('1.0.0', 'Good or bad?'),
      'scores/mood/default.yaml': scores({ version: '1.0.0', wording: 'Good or bad?', mean: 0.7 }),
      ...files,
    },
  });
  if (copyOf) await copy(copyOf, repository);
  const token = emulator.tokens.workflow(repository, { contents: 'write' });
  const job = async (more: Partial<Job> = {}): Promise<Job> => ({
    emulator,
    repository,
    token,
    event: await eventsOf(emulator.github, repository).push(repository.defaultBranch),
    ...more,
    inputs: { command: 'release', 'github-token': token, ...more.inputs },
  });
  return {
    emulator,
    repository,
    token,
    job,
    /** Runs the Action on the newest commit. */
    release: async (more: Partial<Job> = {}): Promise<JobResult> => runAction(await job(more)),
    merge: (changes: Readonly<Record<string, string>>) => merge(repository, changes),
    releases: () => releasesOf(repository),
    branch: () => branchOf(repository),
    /** A person's revert, on the state branch. */
    revert: () => revertOn(repository),
  };
}

/** All references and releases of another repository, as if everything had happened here. */
async function copy(from: Repository, to: Repository): Promise<void> {
  await to.git.text('fetch', '--quiet', '--prune', from.git.directory, '+refs/*:refs/*');
  for (const [id, release] of from.releases) to.releases.set(id, structuredClone(release));
}

export async function oneRepository(settings: RepositorySettings & { rollout?: string } = {}) {
  return releasedRepository('octo/app', { emulator: await runningEmulator(), ...settings });
}

/** A commit on the default branch, as a merge makes it. */
async function merge(
  { git, defaultBranch, owner }: Repository,
  changes: Readonly<Record<string, string>>,
): Promise<string> {
  const parent = (await git.resolve(defaultBranch)) ?? '';
  const { tree } = await git.commit(parent);
  const person = { name: owner.login, email: 'owner@example.org', date: '2026-03-01T00:00:00Z' };
  const made = await git.writeCommit({
    tree: await git.writeTree(
      tree,
      Object.entries(changes).map(([path, text]) => ({ path, content: Buffer.from(text) })),
    ),
    parents: [parent],
    author: person,
    committer: person,
    message: 'Merge\n',
  });
  await git.update(`refs/heads/${defaultBranch}`, parent, made);
  return made;
}

/** The second version of the prompt, better by its scorebook. */
export const second = {
  'prompts/mood/default.prompt.yaml': promptText('1.1.0', 'Is the mood good or bad?'),
  'scores/mood/default.yaml': scores(
    { version: '1.0.0', wording: 'Good or bad?', mean: 0.7 },
    { version: '1.1.0', wording: 'Is the mood good or bad?', mean: 0.8 },
  ),
};

type ShownRelease = {
  readonly draft: boolean;
  readonly notes: string;
  readonly assets: Readonly<Record<string, string>>;
};

/** Releases by tag, drafts left out; a tag that two have fails. */
export function releasesOf({ releases }: Repository): Readonly<Record<string, ShownRelease>> {
  const published = [...releases.values()].filter(({ draft }) => !draft);
  const shown = published.map(({ tag, draft, body, assets }) => [
    tag,
    {
      draft,
      notes: body ?? '',
      assets: Object.fromEntries(assets.map(({ name, content }) => [name, content.toString()])),
    },
  ]);
  if (new Set(shown.map(([tag]) => tag)).size !== shown.length) throw new Error('two releases have one tag');
  return Object.fromEntries(shown);
}

async function revertOn(repository: Repository): Promise<void> {
  const { git } = repository;
  const parent = (await git.resolve('promptline-rollouts')) ?? '';
  const states = Object.values((await branchOf(repository))?.states ?? {});
  const reverted = states.map((state) => transition(state, byPerson('revert'), planWith()).state);
  const files = [
    ...reverted.map((state) => ({ path: `state/${state.prompt}.json`, text: formatState(state) })),
    { path: 'flags.json', text: formatManifest(manifestOf(reverted)) },
  ];
  const person = { name: 'ada', email: 'ada@example.org', date: '2026-03-01T00:00:00Z' };
  const made = await git.writeCommit({
    tree: await git.writeTree(
      (await git.commit(parent)).tree,
      files.map(({ path, text }) => ({ path, content: Buffer.from(text) })),
    ),
    parents: [parent],
    author: person,
    committer: person,
    message: 'Revert\n',
  });
  await git.update('refs/heads/promptline-rollouts', parent, made);
}

type ShownBranch = {
  readonly commits: number;
  readonly manifest: Manifest;
  readonly manifestText: string;
  readonly page: string;
  readonly states: Readonly<Record<string, RolloutState>>;
};

/** The state branch; null where there is none. */
export async function branchOf({ git }: Repository): Promise<ShownBranch | null> {
  const ref = 'promptline-rollouts';
  if ((await git.resolve(ref)) === undefined) return null;
  const text = async (file: string) => (await git.object(`${ref}:${file}`))?.content.toString() ?? '';
  const files = await git.tree(ref, '-r');
  const names = files.map(({ path }) => path).filter((path) => path.startsWith('state/'));
  const states = await Promise.all(
    names.map(async (name) => {
      const state = parseState(await text(name), name);
      return [state.prompt, state] as const;
    }),
  );
  const manifest = parseManifest(await text('flags.json'), 'flags.json');
  return {
    commits: (await git.commits(ref)).length,
    manifest,
    manifestText: formatManifest(manifest),
    page: await text('README.md'),
    states: Object.fromEntries(states),
  };
}
