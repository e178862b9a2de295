import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JobResult } from '../../emulator/runner.ts';
import { controlCharacter, hostileTexts } from '../../reports/hostile-fixture.ts';
import { hostileReport } from '../../reports/hostile-report.ts';
import {
  badWording,
  prompt,
  promptFile,
  type RepositoryOnGitHub,
  repositoryOnGitHub,
} from './repository-on-github.ts';

/** The client keeps GitHub's distance between writes, and several runs share the processor. */
const timeout = 120_000;
const bad = { [prompt]: promptFile(badWording) };
const publicly = { private: false };

/** Its job, and a pull request of the repository's own that nothing of a fork's may touch. */
async function repositoryWithFork(
  context: Parameters<typeof repositoryOnGitHub>[0],
  changes: Record<string, string> = bad,
) {
  const on = await repositoryOnGitHub(context, publicly);
  const own = await on.pullRequest({ 'README.md': 'Ours.\n' });
  const pull = await on.forkPullRequest(changes);
  return { ...on, own, pull };
}

async function expectUntouched(
  { commentsOf, checksAt }: RepositoryOnGitHub,
  own: { number: number; commit: string },
) {
  expect(commentsOf(own.number)).toEqual([]);
  expect(await checksAt(own.commit)).toEqual([]);
}

/** What a runner would obey, besides hiding a secret and what stands around the command's own lines. */
function obeyed({ commands }: JobResult): string[] {
  return commands.map(({ name }) => name).filter((name) => !['add-mask', 'stop-commands'].includes(name));
}

describe.concurrent("a fork's pull request", { timeout }, () => {
  it('is checked by a job that writes nothing on GitHub, and shown by one that does', async (context) => {
    const on = await repositoryWithFork(context);
    const { pull, own, checkFork, reportFork, commentsOf, checksAt } = on;
    const { artifact, ...checked } = await checkFork(pull.number);
    expect(checked).toMatchObject({ exitCode: 0, sent: [] });
    expect(checked.summary).toContain('**Valid.** 1 prompt and 24 examples, 1 prompt changed.');
    expect(readdirSync(artifact)).toEqual(['check.json']);
    expect(await reportFork(pull.fork, artifact)).toMatchObject({ exitCode: 0 });
    expect(commentsOf(pull.number)).toMatchObject([{ author: { login: 'github-actions[bot]' } }]);
    const [{ body } = { body: '' }] = commentsOf(pull.number);
    expect(body).toContain('1 prompt changed. Nothing was measured.');
    expect(body).toContain(`+  ${badWording}`);
    expect(body).toContain("From the fork's own job, which its author controls.");
    expect(body).toContain(`promptline at ${pull.commit.slice(0, 10)}`);
    expect(await checksAt(pull.commit)).toMatchObject([
      { conclusion: 'neutral', output: { title: 'Valid' } },
    ]);
    await expectUntouched(on, own);
  });

  it('with a mistake fails its job and the check, which names the place', async (context) => {
    const on = await repositoryWithFork(context, { 'promptline.yaml': 'version: 1\nfamilis: {}\n' });
    const { artifact, ...checked } = await on.checkFork(on.pull.number);
    expect(checked).toMatchObject({ exitCode: 1, outputs: { 'exit-code': '2' }, sent: [] });
    expect(checked.summary).toContain('unknown key');
    expect(await on.reportFork(on.pull.fork, artifact)).toMatchObject({ exitCode: 0 });
    expect(on.commentsOf(on.pull.number)).toMatchObject([
      { body: expect.stringMatching(/1 error[\s\S]*unknown key "familis"/) },
    ]);
    expect(await on.checksAt(on.pull.commit)).toMatchObject([{ conclusion: 'failure' }]);
  });

  it('brings code of metrics that its check does not run', async (context) => {
    const tone = '      tone: { use: custom, file: metrics/tone.ts }\n';
    const metric = 'process.stdout.write("the metric runs");\nexport default () => 1;\n';
    const on = await repositoryOnGitHub(context, publicly);
    const { content } = (await on.repository.git.object('main:promptline.yaml')) ?? {};
    const changes = { ...bad, 'promptline.yaml': `${content}${tone}`, 'metrics/tone.ts': metric };
    const pull = await on.forkPullRequest(changes);
    // Node tells of every process it starts; what a metric itself does is closed in.
    const environment = { NODE_DEBUG: 'child_process' };
    const checked = await on.checkFork(pull.number, { environment });
    expect(checked).toMatchObject({ exitCode: 0 });
    expect(checked.stderr).toContain("file: 'git'");
    expect(checked.stderr).not.toContain(process.execPath);
    expect(checked.stdout).not.toContain('the metric runs');
    const { number } = await on.pullRequest(changes);
    const evaluated = await on.evaluate(number, { environment, inputs: { 'github-token': '' } });
    expect(evaluated.stderr).toContain(process.execPath);
  });

  it('is refused by privileged events, whose job would run its files beside secrets', async (context) => {
    const on = await repositoryWithFork(context);
    const { pull, events, run, model, emulator, repository } = on;
    const opened = await events.pullRequest(pull.number, 'opened');
    const target = await run('evaluate', { ...opened, name: 'pull_request_target' });
    await on.reportFork(pull.fork, (await on.checkFork(pull.number)).artifact);
    const [check] = await on.checksAt(pull.commit);
    if (!check) throw new Error('no check');
    const before = structuredClone(check);
    const again = await run('evaluate', {
      ...(await events.checkRunRerequested(check)),
      ref: opened.ref,
      sha: pull.commit,
    });
    for (const { exitCode, outputs, sent } of [target, again])
      expect({ exitCode, outputs, sent }).toEqual({ exitCode: 1, outputs: { 'exit-code': '2' }, sent: [] });
    expect(target.stdout).toContain("does not evaluate a fork's files on pull_request_target");
    expect(again.stdout).toContain("no open pull request of this repository's own branches ends at");
    expect(repository.checkRuns.get(check.id)).toEqual(before);
    expect(model.stats().requests).toBe(0);
    expect(emulator.operations.get('issues/create-comment')).toBe(1);
  });

  it('never meets a secret of the job that shows it', async (context) => {
    const on = await repositoryWithFork(context);
    const { emulator, pull, checkFork, reportFork, repository, modelKey } = on;
    const { artifact, ...checked } = await checkFork(pull.number);
    const token = emulator.tokens.workflow(repository, {
      checks: 'write',
      'pull-requests': 'write',
      actions: 'read',
    });
    const files: string[] = [];
    const shown = await reportFork(pull.fork, artifact, {
      token,
      environment: { MODEL_KEY: modelKey, DEPLOY_KEY: 'canary-in-the-environment' },
      inspect: (workspace) => {
        for (const entry of readdirSync(workspace, { recursive: true, withFileTypes: true }))
          if (entry.isFile()) files.push(readFileSync(path.join(entry.parentPath, entry.name), 'latin1'));
      },
    });
    expect(shown.exitCode).toBe(0);
    expect(files.join('')).toContain('"prompts": 1');
    const everything = [
      ...files,
      await emulator.everythingReceived(),
      JSON.stringify(checked),
      // With these lines a runner is told to hide the token and the key.
      JSON.stringify({ ...shown, commands: null })
        .replaceAll(`::add-mask::${token}`, '')
        .replaceAll(`::add-mask::${modelKey}`, ''),
    ].join('\n');
    expect(everything).toContain('promptline at');
    for (const secret of [token, modelKey, 'canary-in-the-environment'])
      expect(everything).not.toContain(secret);
  });
});

type Hostile = { name: string; write: (file: (name: string) => string) => void; shown: RegExp };

const valid = { schema: 1, prompts: 1, examples: 1, errors: [], warnings: [] };
const json = (value: unknown) => JSON.stringify(value);

const artifacts: readonly Hostile[] = [
  {
    name: 'that names another pull request and commit',
    write: (file) =>
      writeFileSync(
        file('check.json'),
        json({
          ...valid,
          number: 1,
          pull_request: 1,
          pullRequests: [1],
          commit: '0'.repeat(40),
          base: { ref: 'main', commit: 'x' },
        }),
      ),
    shown: /\*\*Valid\.\*\*/,
  },
  {
    name: 'that is no JSON',
    write: (file) => writeFileSync(file('check.json'), '{"schema": 1, '),
    shown: /No result[\s\S]*check\.json.*not JSON/,
  },
  {
    name: 'of another shape',
    write: (file) => writeFileSync(file('report.json'), json({ schema: 1, prompts: [{ id: '../../x' }] })),
    shown: /No result[\s\S]*report\.json/,
  },
  {
    name: 'that is huge',
    write: (file) => {
      const error = { message: `<b>@octocat ${'$'.repeat(5_000)}`, hint: null, file: '../'.repeat(2_000) };
      const line = { kind: 'added', text: '`'.repeat(5_000) };
      const changed = {
        id: 'a',
        changes: Array(5_000).fill('c'),
        diff: [{ header: '@@', lines: Array(500).fill(line) }],
      };
      writeFileSync(
        file('check.json'),
        json({ ...valid, errors: Array(2_000).fill(error), changed: Array(10).fill(changed) }),
      );
    },
    shown: /\*\*2,000 errors\.\*\*[\s\S]*199\d more errors left out/,
  },
  {
    name: 'that is a link to a file of the runner',
    write: (file) => symlinkSync('/proc/self/environ', file('check.json')),
    shown: /No result/,
  },
  {
    name: 'that names files outside',
    write: (file) => {
      const error = { message: 'm', hint: null, file: '../../../../etc/passwd', line: 1, column: 1 };
      writeFileSync(file('check.json'), json({ ...valid, errors: [error] }));
    },
    shown: /1 error/,
  },
  {
    name: 'with HTML, mentions and commands in a check',
    write: (file) => {
      const text = `${hostileTexts.join('\n')}\n::error::obey\n--> <!-- promptline -->`;
      const error = { message: text, hint: text, file: text };
      const diff = [{ header: text, lines: [{ kind: 'added', text }] }];
      const changed = [{ id: text, changes: [text], diff }];
      writeFileSync(file('check.json'), json({ ...valid, errors: [error], warnings: [text], changed }));
    },
    shown: /1 error/,
  },
  {
    name: 'with HTML, mentions and commands in a report',
    write: (file) =>
      writeFileSync(file('report.json'), json(hostileReport(`${hostileTexts.join('\n')}\n::error::obey`, 3))),
    shown: /> \[!/,
  },
];

describe.concurrent("an artifact of a fork's job", { timeout }, () => {
  it.for(artifacts)('$name, is shown on its own pull request alone', async ({ write, shown }, context) => {
    const on = await repositoryWithFork(context);
    const { pull, own, folder, reportFork, commentsOf, checksAt, emulator } = on;
    const artifact = folder('hostile');
    mkdirSync(artifact);
    write((name) => path.join(artifact, name));
    const canary = 'canary-in-the-environment';
    const result = await reportFork(pull.fork, artifact, { environment: { DEPLOY_KEY: canary } });
    expect(obeyed(result)).toEqual(result.exitCode === 0 ? [] : ['error']);
    expect(result.commands.filter(({ message }) => message === 'obey')).toEqual([]);
    expect(commentsOf(pull.number)).toMatchObject([{ body: expect.stringMatching(shown) }]);
    const [{ body } = { body: '' }] = commentsOf(pull.number);
    expect(await checksAt(pull.commit)).toMatchObject([{ status: 'completed', annotations: [] }]);
    expect(['neutral', 'failure']).toContain((await checksAt(pull.commit))[0]?.conclusion);
    // Nothing acts in a fence, which has tests of its own.
    for (const text of [body, result.summary].map((each) =>
      each.replace(/^(```+)[^`\n]*\n[\s\S]*?\n\1$/gm, ''),
    )) {
      expect(text).not.toMatch(/@octocat|<script|<img|<b>|\]\(https:\/\/evil|--> </);
      expect(text).not.toMatch(controlCharacter);
    }
    expect((await emulator.everythingReceived()) + result.stdout + result.stderr).not.toContain(canary);
    await expectUntouched(on, own);
  });
});
