import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { stringify } from 'yaml';
import { createRandom } from '../../../src/statistics/random.ts';
import { type Emulator, startEmulator } from '../../emulator/emulator.ts';
import type { Commit } from '../../emulator/git.ts';
import type { RepositorySettings } from '../../emulator/github.ts';
import { eventsOf } from '../../emulator/payloads.ts';
import { clientOf } from '../../emulator/running.ts';
import { isPull, type PullIssue, type Repository } from '../../emulator/state.ts';
import { type ProtocolServer, startProtocolServer } from '../../protocol-server/server.ts';

/** Prompts that a search improves; the last one is longer than the body of a pull request may be. */
export const prompts = ['colors/default', 'colors/terse', 'moods/long'] as const;

const families = {
  colors: { field: 'color', labels: ['red', 'green', 'blue'] },
  moods: { field: 'mood', labels: ['good', 'bad'] },
} as const;

type Family = keyof typeof families;

const longInstruction = `Name the mood.\n${`${'Mind this rule, and the next. '.repeat(40)}\n`.repeat(70)}`;

/** A model that is mostly wrong until it is shown four answers; its key is `right`. */
export function startModel(): Promise<ProtocolServer> {
  return startProtocolServer({ apiKey: 'right' }, 0, (messages) => {
    const [text = '', index = '', family = ''] =
      /\w+ thing number (\d+) of (colors|moods)/.exec(messages.at(-1)?.content ?? '') ?? [];
    const labels: readonly string[] = family === 'moods' ? families.moods.labels : families.colors.labels;
    const shown = messages.filter(({ role }) => role === 'assistant').length;
    const isRight = createRandom(text).next() < (shown >= 4 ? 0.97 : 0.2);
    return labels[(Number(index) + (isRight ? 0 : 1)) % labels.length] ?? '';
  });
}

/** A repository with prompts of two families, which ask the model at this address. */
export function filesOf(address: string): Record<string, string> {
  const family = (name: Family) => ({
    datasets: `datasets/${name}`,
    metrics: { accuracy: { use: 'label_accuracy', field: families[name].field, weight: 1 } },
    optimize: { calls: 200, maxDemonstrations: 6, ablation: 0 },
  });
  const prompt = (name: Family, instruction: string) => ({
    version: '1.0.0',
    model: 'local/model',
    modelParameters: { temperature: 0, maxTokens: 5 },
    output: { format: 'label', ...families[name] },
    messages: [
      { role: 'system', content: instruction },
      { role: 'user', content: 'Text: {{text}}' },
    ],
  });
  const files: Record<string, unknown> = {
    'promptline.yaml': {
      version: 1,
      providers: {
        local: {
          type: 'openai-compatible',
          baseUrl: `${address}/v1`,
          apiKeyEnv: 'LOCAL_KEY',
          price: { input: 100, output: 400 },
        },
      },
      families: { colors: family('colors'), moods: family('moods') },
    },
    'prompts/colors/default.prompt.yaml': prompt('colors', 'Name the color.'),
    'prompts/colors/terse.prompt.yaml': prompt('colors', 'The color, in one word.'),
    'prompts/moods/long.prompt.yaml': prompt('moods', longInstruction),
    'README.md': '# Prompts\n',
  };
  for (const name of ['colors', 'moods'] as const)
    for (const split of ['train', 'dev', 'test'])
      files[`datasets/${name}/${split}.yaml`] = { examples: rowsOf(name, split) };
  return Object.fromEntries(
    Object.entries(files).map(([file, content]) => [
      file,
      typeof content === 'string' ? content : stringify(content, { lineWidth: 0 }),
    ]),
  );
}

function rowsOf(family: Family, split: string) {
  const { field, labels } = families[family];
  return Array.from({ length: split === 'test' ? 60 : 24 }, (_, index) => ({
    id: `${split}-${index}`,
    input: { text: `${split} thing number ${index} of ${family}` },
    expected: { [field]: labels[index % labels.length] ?? '' },
  }));
}

/** A repository on a GitHub of its own, and what people do there. */
export type Place = {
  readonly emulator: Emulator;
  readonly repository: Repository;
  /** The owner's client. */
  readonly person: ReturnType<typeof clientOf>;
  readonly at: { readonly owner: string; readonly repo: string };
  readonly events: ReturnType<typeof eventsOf>;
  /** Pull requests, in the order they were opened. */
  pulls(): readonly PullIssue[];
  /** Those that are open. */
  open(): readonly PullIssue[];
  /** The text of a file on a branch; undefined where there is none. */
  read(branch: string, file: string): Promise<string | undefined>;
  /** Commits a file to a branch as a person with Git would. */
  commit(branch: string, file: string, content: string): Promise<string>;
  /** Commits of a branch that main does not have, the newest first. */
  ahead(branch: string): Promise<Commit[]>;
  branches(): Promise<string[]>;
};

/** What ends with a test: `onTestFinished` of its context, or `afterAll`. */
export type Finished = (end: () => void | Promise<void>) => void;

/** A place for one test; in the end nothing may have gone against GitHub's description. */
export async function openPlace(
  files: Readonly<Record<string, string>>,
  finished: Finished,
  settings: RepositorySettings = {},
): Promise<Place> {
  const emulator = await emulatorFor(finished);
  return placeOf(emulator, await emulator.repository('octo/app', { files, ...settings }));
}

/** The same place on another GitHub: its repository, issues and pull requests. */
export async function copyPlace({ repository }: Place, finished: Finished): Promise<Place> {
  const emulator = await emulatorFor(finished);
  const copy = await emulator.repository('octo/app');
  rmSync(copy.git.directory, { recursive: true });
  cpSync(repository.git.directory, copy.git.directory, { recursive: true });
  copy.lastNumber = repository.lastNumber;
  for (const [number, { pull, ...issue }] of repository.issues) {
    const head = pull && { ...pull.head, repository: copy };
    copy.issues.set(number, { ...issue, labels: [...issue.labels], pull: pull && head && { ...pull, head } });
  }
  for (const [name, label] of repository.labels) copy.labels.set(name, label);
  for (const sha of repository.verifiedCommits) copy.verifiedCommits.add(sha);
  return placeOf(emulator, copy);
}

async function emulatorFor(finished: Finished): Promise<Emulator> {
  const emulator = await startEmulator();
  finished(async () => {
    await emulator.close();
    expect(emulator.violations).toEqual([]);
  });
  return emulator;
}

function placeOf(emulator: Emulator, repository: Repository): Place {
  const { git } = repository;
  const at = { owner: 'octo', repo: 'app' };
  const person = clientOf(emulator, emulator.tokens.classic('octo'));
  const pulls = () => [...repository.issues.values()].filter(isPull);
  const read: Place['read'] = async (branch, file) =>
    (await git.object(`refs/heads/${branch}:${file}`))?.content.toString();
  return {
    ...{ emulator, repository, person, at, pulls, read },
    events: eventsOf(emulator.github, repository),
    open: () => pulls().filter(({ state }) => state === 'open'),
    async commit(branch, file, content) {
      const blob = await git.object(`refs/heads/${branch}:${file}`);
      const { data } = await person.rest.repos.createOrUpdateFileContents({
        ...at,
        ...{
          branch,
          path: file,
          message: `Change ${file}`,
          content: Buffer.from(content).toString('base64'),
        },
        ...(blob && { sha: blob.sha }),
      });
      return data.commit.sha ?? '';
    },
    ahead: (branch) => git.commits(`refs/heads/main..refs/heads/${branch}`),
    async branches() {
      return (await git.references('refs/heads/')).map(({ ref }) => ref.slice('refs/heads/'.length));
    },
  };
}

/** A folder that goes with the test. */
export function temporaryFolder(finished: Finished): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'promptline artifacts '));
  finished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
