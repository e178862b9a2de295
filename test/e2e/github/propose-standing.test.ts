import { cpSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { personOf } from '../../emulator/github.ts';
import type { JobResult } from '../../emulator/runner.ts';
import { optimizeTerse, propose } from './optimize-workflow.ts';
import {
  type Finished,
  filesOf,
  openPlace,
  type Place,
  startModel,
  temporaryFolder,
} from './proposing-repository.ts';
import { isChange } from './requests.ts';

const branch = 'promptline/colors/terse';
const promptFile = 'prompts/colors/terse.prompt.yaml';
const scoresFile = 'scores/colors/terse.yaml';

let files: Record<string, string>;
/** What was found; with another seed; and on other data. */
let found: string;
let otherSeed: string;
let otherData: string;

beforeAll(async () => {
  const model = await startModel();
  afterAll(() => model.close());
  files = filesOf(model.address);
  const { examples } = parse(files['datasets/colors/test.yaml'] ?? '');
  const fewer = JSON.stringify({ examples: examples.slice(0, 57) });
  [found, otherSeed, otherData] = await Promise.all([
    optimizeTerse(files, afterAll),
    optimizeTerse(files, afterAll, { seed: '2' }),
    optimizeTerse({ ...files, 'datasets/colors/test.yaml': fewer }, afterAll),
  ]);
});

type Outcome = { outcome: string; url: string | null; why: string | null };

/** Proposes as the scheduled job does. */
async function run(place: Place, results: string): Promise<Outcome & { result: JobResult }> {
  const result = await propose(place, { event: await place.events.schedule('23 3 * * *'), results });
  expect(result).toMatchObject({ exitCode: 0 });
  const [proposal] = JSON.parse(result.outputs['proposals'] ?? '');
  return { ...proposal, result };
}

/** A place where `found` is proposed. */
async function proposed(finished: Finished): Promise<Place> {
  const place = await openPlace(files, finished);
  expect(await run(place, found)).toMatchObject({ outcome: 'opened' });
  return place;
}

const head = ({ repository }: Place) => repository.git.resolve(`refs/heads/${branch}`);

describe.concurrent('a proposal that stands', () => {
  it('is left as it is by the same result of another day, and by what people wrote into it', async ({
    onTestFinished,
  }) => {
    const place = await proposed(onTestFinished);
    const [pull] = place.open();
    const number = pull?.number ?? 0;
    const body = `${pull?.body}\n- [x] read by a person`;
    await place.person.rest.pulls.update({ ...place.at, pull_number: number, title: 'Mine', body });
    const commit = await head(place);
    const later = temporaryFolder(onTestFinished);
    cpSync(found, later, { recursive: true });
    rewrite(later, 'report.json', (text) => text.replace(/"elapsedMs": \d+/g, '"elapsedMs": 123456'));
    rewrite(later, 'terse.yaml', (text) => text.replaceAll(/date: \S+/g, 'date: 2031-01-31'));
    const { outcome, result } = await run(place, later);
    expect(outcome).toBe('unchanged');
    expect(result.sent.filter(isChange)).toEqual([]);
    expect(await head(place)).toBe(commit);
    expect(pull).toMatchObject({ title: 'Mine', body });
  });

  it('is refreshed in place by a new result', async ({ onTestFinished }) => {
    const place = await proposed(onTestFinished);
    const [before] = structuredClone(place.open().map(({ body }) => body));
    const commit = await head(place);
    expect(await run(place, otherSeed)).toMatchObject({ outcome: 'updated' });
    expect(place.pulls().map(({ number, state }) => [number, state])).toEqual([[1, 'open']]);
    expect(place.open()[0]?.body).not.toBe(before);
    expect(place.open()[0]?.body).toContain('- seed: 2');
    expect(await place.ahead(branch)).toHaveLength(1);
    expect(await head(place)).not.toBe(commit);
    expect(await place.branches()).toEqual(['main', branch]);
  });

  it('is set onto a base that moved on elsewhere', async ({ onTestFinished }) => {
    const place = await proposed(onTestFinished);
    const base = await place.commit('main', 'README.md', '# More\n');
    expect(await run(place, found)).toMatchObject({ outcome: 'updated' });
    const commits = await place.ahead(branch);
    expect(commits.map(({ parents }) => parents)).toEqual([[base]]);
    expect(await place.read(branch, 'README.md')).toBe('# More\n');
    expect(place.pulls().map(({ number, state }) => [number, state])).toEqual([[1, 'open']]);
  });

  it('is closed with the reason when its prompt changed, and made again when that is taken back', async ({
    onTestFinished,
  }) => {
    const place = await proposed(onTestFinished);
    const text = files[promptFile] ?? '';
    await place.commit('main', promptFile, text.replace('in one word', 'in one word only'));
    expect(await run(place, found)).toMatchObject({
      outcome: 'closed',
      why: 'the prompt changed since it was measured',
    });
    expect(place.pulls().map(({ state }) => state)).toEqual(['closed']);
    const comments = [...place.repository.comments.values()].map(({ body }) => body);
    expect(comments).toEqual([
      expect.stringContaining('Closed by promptline: the prompt changed since it was measured.'),
    ]);
    expect(await run(place, found)).toMatchObject({ outcome: 'left' });
    await place.commit('main', promptFile, text);
    expect(await run(place, found)).toMatchObject({ outcome: 'opened' });
    expect(place.pulls().map(({ state }) => state)).toEqual(['closed', 'open']);
  });

  it("keeps a person's commit, whatever is found", async ({ onTestFinished }) => {
    const place = await proposed(onTestFinished);
    const theirs = await place.commit(branch, promptFile, (files[promptFile] ?? '').replace('color', 'hue'));
    await place.commit('main', 'README.md', '# More\n');
    for (const results of [found, otherSeed, otherData]) {
      expect(await run(place, results)).toMatchObject({
        outcome: 'left',
        url: expect.stringMatching(/\/pull\/1$/),
        why: `someone committed to its branch (${theirs.slice(0, 10)})`,
      });
    }
    expect(await head(place)).toBe(theirs);
    expect(place.open()).toHaveLength(1);
  });

  it.for([
    ['the prompt', promptFile],
    ['another file', 'README.md'],
  ] as const)('keeps what a person amended of %s in its own commit', async ([, file], { onTestFinished }) => {
    const place = await proposed(onTestFinished);
    const { git, owner } = place.repository;
    const [commit] = await place.ahead(branch);
    if (!commit) throw new Error('nothing was proposed');
    const change = { path: file, content: Buffer.from(`${await place.read(branch, file)}# by hand\n`) };
    const person = personOf(owner, new Date().toISOString());
    const tree = await git.writeTree(commit.sha, [change]);
    const amended = await git.writeCommit({ ...commit, tree, author: person, committer: person });
    await place.person.rest.git.updateRef({
      ...{ ...place.at, ref: `heads/${branch}`, sha: amended, force: true },
    });
    for (const results of [found, otherSeed]) {
      expect(await run(place, results)).toMatchObject({
        outcome: 'left',
        why: `someone committed to its branch (${amended.slice(0, 10)})`,
      });
    }
    expect(await head(place)).toBe(amended);
  });

  it('is not made again when a person closed it, until what it was made from changed', async ({
    onTestFinished,
  }) => {
    const place = await proposed(onTestFinished);
    await place.person.rest.pulls.update({ ...place.at, pull_number: 1, state: 'closed' });
    for (const results of [found, otherSeed]) {
      expect(await run(place, results)).toMatchObject({
        outcome: 'left',
        why: expect.stringMatching(/closed as .*\/pull\/1, and nothing it was made from has changed/),
      });
    }
    expect(await run(place, otherData)).toMatchObject({ outcome: 'opened' });
    expect(place.pulls().map(({ state }) => state)).toEqual(['closed', 'open']);
    expect(await place.ahead(branch)).toHaveLength(1);
  });

  it('is not made again when a person deleted its branch, until what it was made from changed', async ({
    onTestFinished,
  }) => {
    const place = await proposed(onTestFinished);
    await place.person.rest.git.deleteRef({ ...place.at, ref: `heads/${branch}` });
    expect(place.open()).toEqual([]);
    expect(await run(place, found)).toMatchObject({ outcome: 'left' });
    expect(await place.branches()).toEqual(['main']);
    expect(await run(place, otherData)).toMatchObject({ outcome: 'opened' });
    expect(place.pulls().map(({ state }) => state)).toEqual(['closed', 'open']);
  });

  it('is left alone when it is merged, its branch kept', async ({ onTestFinished }) => {
    const place = await proposed(onTestFinished);
    await place.person.rest.pulls.merge({ ...place.at, pull_number: 1, merge_method: 'squash' });
    const commit = await head(place);
    expect(await run(place, found)).toMatchObject({
      outcome: 'left',
      why: 'the branch it goes to has this version already',
    });
    expect(place.pulls()).toHaveLength(1);
    expect(await head(place)).toBe(commit);
  });

  it('needs no right to push to the default branch', async ({ onTestFinished }) => {
    const place = await openPlace(files, onTestFinished);
    place.repository.protections.set('main', { requirePullRequest: true, requiredChecks: ['promptline'] });
    expect(await run(place, found)).toMatchObject({ outcome: 'opened' });
    expect(await place.read('main', scoresFile)).toBeUndefined();
    expect(await place.read(branch, scoresFile)).toBeDefined();
  });
});

function rewrite(folder: string, name: string, change: (text: string) => string): void {
  for (const file of globSync(`**/${name}`, { cwd: folder }).map((each) => path.join(folder, each))) {
    const text = readFileSync(file, 'utf8');
    expect(change(text)).not.toBe(text);
    writeFileSync(file, change(text));
  }
}
