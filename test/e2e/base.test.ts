import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { scratchFolder } from '../files/scratch.ts';
import { type ProtocolServer, startProtocolServer } from '../protocol-server/server.ts';
import { answers, type FamiliesRepository, familiesRepository } from './families-repository.ts';
import { type Commit, commits } from './history.ts';
import { reportIn, run } from './in-process.ts';

let server: ProtocolServer;
beforeAll(async () => {
  server = await startProtocolServer({ answers: { rule: 'labels', labels: answers } });
});
afterAll(() => server.close());

describe('each commit of a history, compared with the one before', () => {
  let repository: FamiliesRepository;
  const ids: string[] = [];
  beforeAll(() => {
    repository = familiesRepository(server.address);
    repository.commit('the beginning');
    for (const { what, change } of commits) {
      change(repository);
      ids.push(repository.commit(what));
    }
  });
  afterAll(() => repository.delete());

  it.each(commits.map((commit, index) => [commit.what, commit, index] as const))(
    '%s',
    async (_, commit, index) => {
      const { root, git } = repository;
      git('checkout', '--quiet', ids[index] ?? '');
      const out = path.join(root, `out${index}`);
      const { code, stderr } = await run(root, ['evaluate', '--base', 'HEAD~1', '--out', out]);
      if ('refused' in commit) {
        expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(commit.refused) });
        return;
      }
      expect({ code, stderr: stderr.replace(/^\S+( before)? {2}\d+\/\d+.*\n?/gm, '') }).toEqual({
        code: 0,
        stderr: '',
      });
      expectFound(out, commit, { all: promptsOf(repository), base: git('rev-parse', 'HEAD~1').trim() });
    },
  );
});

function promptsOf({ root }: FamiliesRepository): string[] {
  const files = readdirSync(path.join(root, 'prompts'), { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.yaml')).map((file) => file.replace('.prompt.yaml', ''));
}

/** The report names exactly the prompts affected, what changed of them, and why one has no base. */
function expectFound(
  out: string,
  { measured, problems = {}, baseProblem }: Extract<Commit, { measured: unknown }>,
  { all, base }: { all: readonly string[]; base: string },
): void {
  const report = reportIn(out);
  expect(Object.fromEntries(report.prompts.map(({ id, changedSince }) => [id, changedSince]))).toEqual(
    measured,
  );
  expect([...(report.unchanged ?? [])].sort()).toEqual(all.filter((id) => !(id in measured)).sort());
  expect(report.base).toEqual({
    ref: 'HEAD~1',
    commit: base,
    ...(baseProblem !== undefined && { problem: expect.stringContaining(baseProblem) }),
  });
  for (const { id, changedSince, baseProblem: problem, comparison, failures } of report.prompts) {
    const expected = problems[id];
    if (expected !== undefined) expect(problem).toContain(expected);
    const isCompared = changedSince?.includes('the prompt') && expected === undefined;
    expect({ id, compared: comparison !== undefined, failures }).toEqual({
      id,
      compared: isCompared,
      failures: [],
    });
  }
}

/** A repository with one commit, and a command that compares the head with the commit before. */
function repositoryWith(options?: Parameters<typeof familiesRepository>[1]) {
  const repository = familiesRepository(server.address, options);
  onTestFinished(() => repository.delete());
  repository.commit('the beginning');
  const out = path.join(repository.top, 'out');
  const compare = async (...args: string[]) => {
    const ran = await run(repository.root, ['evaluate', '--base', 'HEAD~1', '--out', out, ...args]);
    expect(ran).toMatchObject({ code: 0 });
    return reportIn(out);
  };
  return { ...repository, compare };
}

const changesIn = ({ prompts }: Awaited<ReturnType<ReturnType<typeof repositoryWith>['compare']>>) =>
  Object.fromEntries(prompts.map(({ id, changedSince }) => [id, changedSince]));

const moods = 'prompts/moods/default.prompt.yaml';

it('touches neither the working tree nor the index, and leaves nothing behind', async () => {
  const { top, root, git, edit, write, compare, read } = repositoryWith();
  edit(moods, 'Name the mood.', 'Which mood?');
  git('add', moods);
  edit(moods, 'Which mood?', 'What mood?');
  write('notes.txt', 'not added\n');
  const temporary = scratchFolder();
  vi.stubEnv('TMPDIR', temporary);
  onTestFinished(() => void vi.unstubAllEnvs());
  const state = () => ({
    index: readFileSync(path.join(top, '.git/index'), 'latin1'),
    status: git('status', '--porcelain'),
    staged: git('diff', '--cached'),
    notStaged: git('diff'),
    prompt: read(moods),
    notes: read('notes.txt'),
    temporary: readdirSync(temporary),
  });
  git('commit', '--quiet', '--allow-empty', '--only', '--message', 'nothing');
  const before = state();
  expect(before.status).toContain(`MM ${moods}`);
  // What is measured is what lies in the folder, committed or not.
  expect(changesIn(await compare())).toEqual({ 'moods/default': ['the prompt'] });
  expect(state()).toEqual(before);
  expect(root).toBe(top);
});

it('works inside a Git hook, whose environment names an index', async () => {
  const { top, git, edit, compare, commit } = repositoryWith();
  edit(moods, 'Name the mood.', 'Which mood?');
  commit('another wording');
  for (const [name, value] of Object.entries({ GIT_DIR: '.git', GIT_INDEX_FILE: '.git/index' }))
    vi.stubEnv(name, path.join(top, value));
  onTestFinished(() => void vi.unstubAllEnvs());
  const before = readFileSync(path.join(top, '.git/index'), 'latin1');
  expect(changesIn(await compare())).toEqual({ 'moods/default': ['the prompt'] });
  expect(readFileSync(path.join(top, '.git/index'), 'latin1')).toBe(before);
  expect(git('status', '--porcelain')).toBe('');
});

it('measures both wordings on the same examples, and says which is which', async () => {
  const { edit, commit, compare } = repositoryWith();
  edit(moods, 'Name the mood.', 'Which mood is it?');
  edit(moods, 'version: 1.0.0', 'version: 1.1.0');
  commit('another wording');
  const { prompts } = await compare();
  expect(prompts).toMatchObject([
    { id: 'moods/default', version: '1.1.0', comparison: { base: 'HEAD~1 (1.0.0)', objective: { n: 3 } } },
  ]);
  const asked = server.received.map(({ body }) => JSON.stringify(body['messages'])).join('\n');
  expect(asked).toContain('Name the mood.');
  expect(asked).toContain('Which mood is it?');
});

it.each([
  ['no-such-branch', /^there is no commit "no-such-branch"\. Name a branch/],
  ['--help', /^there is no commit "--help"/],
  ['HEAD~1', /^there is no commit "HEAD~1"/],
])('a ref that is no commit is a mistake of the user: %s', async (ref, line) => {
  const { root } = repositoryWith();
  const asked = server.stats().requests;
  const { code, stderr } = await run(root, ['evaluate', `--base=${ref}`]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(line) });
  expect(server.stats().requests).toBe(asked);
});

it('outside a repository there is no base', async () => {
  const { read } = repositoryWith();
  const names = ['promptline.yaml', moods, 'datasets/moods/test.yaml', 'datasets/search/corpus.jsonl'];
  const folder = scratchFolder(Object.fromEntries(names.map((name) => [name, read(name)])));
  const { code, stderr } = await run(folder, ['evaluate', '--base', 'HEAD']);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/^there is no Git repository/) });
});

it('finds prompts and data in a folder inside the repository', async () => {
  const { edit, commit, compare } = repositoryWith({ below: 'apps/the shop/' });
  edit(moods, 'Name the mood.', 'Which mood?');
  edit('datasets/search/corpus.jsonl', 'a round table', 'a square table');
  commit('two changes');
  expect(changesIn(await compare())).toEqual({
    'moods/default': ['the prompt'],
    'search/keywords': ['the file datasets/search/corpus.jsonl'],
  });
});

it('a repository that had no promptline.yaml yet is a base without prompts', async () => {
  const { write, read, remove, commit, compare } = repositoryWith();
  const configuration = read('promptline.yaml');
  remove('promptline.yaml');
  commit('without');
  write('promptline.yaml', configuration);
  commit('with');
  const { base, prompts } = await compare();
  expect(base?.problem).toBe('promptline.yaml: there is none at HEAD~1');
  expect(prompts.map(({ baseProblem }) => baseProblem)).toEqual(prompts.map(() => base?.problem));
  expect(prompts).toHaveLength(5);
});

it('does not follow a link of the base out of the repository', async () => {
  const { root, git, read, write, commit, compare } = repositoryWith();
  const data = read('datasets/moods/test.yaml');
  // Followed, the links would lead to the very files of the head.
  const outside = scratchFolder({ 'test.yaml': data, 'corpus.jsonl': read('datasets/search/corpus.jsonl') });
  const corpus = read('datasets/search/corpus.jsonl');
  git('rm', '--quiet', '-r', 'datasets/moods', 'datasets/search/corpus.jsonl');
  symlinkSync(outside, path.join(root, 'datasets/moods'));
  symlinkSync(path.join(outside, 'corpus.jsonl'), path.join(root, 'datasets/search/corpus.jsonl'));
  commit('links');
  git('rm', '--quiet', 'datasets/moods', 'datasets/search/corpus.jsonl');
  write('datasets/moods/test.yaml', data);
  write('datasets/search/corpus.jsonl', corpus);
  commit('files');
  expect(changesIn(await compare())).toEqual({
    'moods/default': ['the dataset datasets/moods/test.yaml'],
    'moods/long': ['the dataset datasets/moods/test.yaml'],
    'search/keywords': ['the file datasets/search/corpus.jsonl'],
  });
});

it('a model on the command line is no change of the prompts', async () => {
  const { edit, commit, compare } = repositoryWith();
  edit(moods, 'Name the mood.', 'Which mood?');
  commit('another wording');
  const report = await compare('--model', 'other/given');
  expect(changesIn(report)).toEqual({ 'moods/default': ['the prompt'] });
  expect(report.prompts).toMatchObject([{ model: 'other/given', comparison: { objective: { n: 3 } } }]);
});

it('a prompt that is named is measured although nothing of it changed', async () => {
  const { commit, compare } = repositoryWith();
  commit('nothing');
  const { prompts, unchanged } = await compare('moods/long', 'moods/long');
  expect(prompts).toMatchObject([
    { id: 'moods/long', changedSince: [], baseProblem: 'the prompt itself is unchanged' },
  ]);
  expect(unchanged).toEqual([]);
});

it('a prompt named like the base of another keeps its own results', async () => {
  const { root, top, edit, write, read, commit, compare } = repositoryWith();
  write('prompts/moods/default.base.prompt.yaml', read('prompts/moods/long.prompt.yaml'));
  commit('a prompt');
  edit(moods, 'Name the mood.', 'Which mood?');
  edit('prompts/moods/default.base.prompt.yaml', 'Read it twice', 'Read it once');
  commit('two changes');
  await compare('--repeat', '2');
  const results = readdirSync(path.join(top, 'out'), { recursive: true, encoding: 'utf8' });
  expect(results.filter((name) => name.endsWith('.jsonl'))).toHaveLength(4);
  expect(root).toBe(top);
});

it('a change of what a metric asks affects the prompts that it measures', async () => {
  const { root, edit, commit } = repositoryWith();
  const configuration = 'promptline.yaml';
  edit(
    configuration,
    'format_compliance: { weight: 0.3 }',
    'judged: { use: judge, rubric: Short?, choices: { yes: 1, no: 0 }, prompts: [default] }',
  );
  commit('a judge');
  edit(configuration, 'other: {', 'other: { tries: 3,');
  for (const file of ['prompts/colors/terse.prompt.yaml', 'prompts/moods/long.prompt.yaml'])
    edit(file, 'model: other/small', 'model: local/small');
  commit('the provider of the judge');
  const { stdout } = await run(root, ['evaluate', '--base', 'HEAD~1', '--dry-run', '--json']);
  const { unchanged } = JSON.parse(stdout);
  expect(unchanged).toEqual(['moods/default', 'search/keywords']);
});
