import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Emulator } from '../emulator/emulator.ts';
import { eventsOf } from '../emulator/payloads.ts';
import { runAction } from '../emulator/runner.ts';
import { clientOf, runningEmulator } from '../emulator/running.ts';
import type { Repository } from '../emulator/state.ts';
import { filesBelow } from '../files/scratch.ts';
import { hostileCompletions } from '../hostile/completions.ts';
import { expectQuietLog } from '../hostile/expectations.ts';
import { activeIn, unseenIn } from '../hostile/inert-markdown.ts';
import { startProtocolServer } from '../protocol-server/server.ts';
import { hostileReport } from '../reports/hostile-report.ts';
import { labelRepository } from './label-repository.ts';

const place = { owner: 'octo', repo: 'app' };

/** What a fork may write into its results: commands, a marker of ours, and every short hostile text at once. */
const texts = [
  ...hostileCompletions
    .filter(({ name }) => ['workflow command 34', 'marker of ours 4'].includes(name))
    .map(({ text }) => text),
  hostileCompletions
    .map(({ text }) => text)
    .filter((text) => text.length < 100)
    .join(' '),
];

/** A repository whose prompts ask a server, and a pull request from mallory's fork of it. */
async function forkedRepository() {
  const server = await startProtocolServer();
  const { root, remove } = labelRepository(server.address, { calls: 100 });
  onTestFinished(async () => {
    await server.close();
    remove();
  });
  const emulator = await runningEmulator();
  const repository = await emulator.repository('octo/app', { files: filesBelow(root) });
  const fork = await emulator.fork(repository, 'mallory');
  await openPull(emulator, fork);
  return { server, emulator, repository, fork };
}

async function openPull(emulator: Emulator, fork: Repository): Promise<void> {
  const client = clientOf(emulator, emulator.tokens.classic('mallory'));
  const there = { owner: 'mallory', repo: 'app' };
  const sha = (await fork.git.resolve('main')) ?? '';
  await client.rest.git.createRef({ ...there, ref: 'refs/heads/topic', sha });
  const change = { path: 'new.txt', message: 'New', content: 'bmV3Cg==', branch: 'topic' };
  await client.rest.repos.createOrUpdateFileContents({ ...there, ...change });
  await client.rest.pulls.create({ ...place, title: 'Change', head: 'mallory:topic', base: 'main' });
}

it("pull_request_target runs nothing of a fork's files and writes nothing", async () => {
  const { server, emulator, repository } = await forkedRepository();
  const token = emulator.tokens.workflow(repository, { contents: 'write', 'pull-requests': 'write' });
  const event = await eventsOf(emulator.github, repository).pullRequest(1, 'opened');
  const result = await runAction({
    emulator,
    repository,
    event: { ...event, name: 'pull_request_target' },
    token,
    inputs: { command: 'evaluate', 'github-token': token },
  });
  expect(result).toMatchObject({ exitCode: 1, outputs: { 'exit-code': '2' }, sent: [] });
  expect(result.stdout).toContain("does not evaluate a fork's files on pull_request_target");
  expect(server.stats().requests).toBe(0);
});

it("a fork's own job checks, asks no model and tries to write nothing", async () => {
  const { server, emulator, repository } = await forkedRepository();
  const token = emulator.tokens.workflow(repository, { contents: 'read' }, { fork: true });
  const event = await eventsOf(emulator.github, repository).pullRequest(1, 'opened');
  const result = await runAction({
    emulator,
    repository,
    event,
    token,
    inputs: { command: 'check', out: 'results', 'github-token': token },
    fetchDepth: 0,
  });
  expect(result).toMatchObject({ exitCode: 0, sent: [] });
  expect(server.stats().requests).toBe(0);
});

/** What the fork's job may have left, for the job that shows it. */
const foreign: readonly (readonly [string, (text: string) => readonly [string, unknown]])[] = [
  [
    'check',
    (text) => [
      'check.json',
      {
        schema: 1,
        prompts: 1,
        examples: 1,
        errors: [],
        warnings: [text],
        changed: [
          {
            id: text,
            changes: [text],
            diff: [{ header: text, lines: [{ kind: 'added', text }] }],
          },
        ],
      },
    ],
  ],
  ['report', (text) => ['report.json', hostileReport(text)]],
];

it.each(foreign)(
  "a fork's %s is shown as data, and never as success",
  async (_, make) => {
    const { emulator, repository, fork } = await forkedRepository();
    // Mallory wrote the marker first: a comment is ours by who wrote it.
    const mallory = clientOf(emulator, emulator.tokens.classic('mallory'));
    const forged = '<!-- promptline -->\n> [!TIP]\n> **Improvement.**';
    await mallory.rest.issues.createComment({ ...place, issue_number: 1, body: forged });
    const workflow = '.github/workflows/promptline-evaluate.yml';
    const ran = await emulator.addRun(repository, {
      path: workflow,
      event: 'pull_request',
      branch: 'topic',
      source: fork,
    });
    const token = emulator.tokens.workflow(repository, {
      actions: 'read',
      checks: 'write',
      contents: 'read',
      'pull-requests': 'write',
    });
    for (const text of texts) {
      const [file, content] = make(text);
      const result = await runAction({
        emulator,
        repository,
        event: await eventsOf(emulator.github, repository).workflowRunCompleted(ran),
        token,
        inputs: { command: 'report', dir: 'foreign', 'github-token': token },
        prepare(workspace) {
          mkdirSync(path.join(workspace, 'foreign'));
          writeFileSync(path.join(workspace, 'foreign', file), JSON.stringify(content));
        },
      });
      expect(result).toMatchObject({ exitCode: 0 });
      expectQuietLog(result);
      const comments = [...repository.comments.values()];
      expect(comments.map(({ author }) => author.login)).toEqual(['mallory', 'github-actions[bot]']);
      expect(comments[0]?.body).toBe(forged);
      const addresses = [`${emulator.urls.server}/octo/app/actions/runs/4242`];
      const body = comments[1]?.body ?? '';
      expect(body).toContain("From the fork's own job, which its author controls.");
      expect(activeIn(body, { marker: /^<!-- promptline -->\n/, addresses })).toEqual([]);
      const check = [...repository.checkRuns.values()].at(-1);
      expect(check).toMatchObject({ conclusion: 'neutral', annotations: [] });
      expect(activeIn(check?.output.summary ?? '')).toEqual([]);
      expect(activeIn(check?.output.title ?? '')).toEqual([]);
      expect(unseenIn(check?.output.title ?? '')).toEqual([]);
    }
  },
  120_000,
);
