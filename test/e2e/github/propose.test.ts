import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { due, optimizeTerse, propose, runWorkflow, type WorkflowRun } from './optimize-workflow.ts';
import type { Place } from './proposing-repository.ts';
import { filesOf, openPlace, prompts, startModel, temporaryFolder } from './proposing-repository.ts';
import { isChange } from './requests.ts';

const cron = '23 3 * * *';
let files: Record<string, string>;
let results: string;

beforeAll(async () => {
  const model = await startModel();
  afterAll(() => model.close());
  files = filesOf(model.address);
  results = await optimizeTerse(files, afterAll);
});

describe.concurrent('the scheduled run', () => {
  it('opens one pull request for each prompt, changes nothing when repeated, and is idle when they are merged', async ({
    onTestFinished,
  }) => {
    const place = await openPlace(files, onTestFinished);
    const event = await place.events.schedule(cron);
    const first = await runWorkflow(place, { event, results: temporaryFolder(onTestFinished) });
    expect(first.matrix).toEqual({
      include: [
        { family: 'colors', ids: 'colors/default colors/terse' },
        { family: 'moods', ids: 'moods/long' },
      ],
    });
    expect(outcomes(first)).toEqual(prompts.map((id) => [id, 'opened']));
    expect(place.open().map(({ pull }) => pull.head.branch)).toEqual(prompts.map((id) => `promptline/${id}`));
    for (const id of prompts) await expectProposal(place, id);

    const before = await stateOf(place);
    const again = await runWorkflow(place, { event, results: temporaryFolder(onTestFinished) });
    expect(outcomes(again)).toEqual(prompts.map((id) => [id, 'unchanged']));
    expect(await stateOf(place)).toEqual(before);
    expect(again.proposed?.sent.filter(isChange)).toEqual([]);

    for (const [index, { number, title }] of place.open().entries()) {
      await place.person.rest.pulls.merge({
        ...place.at,
        pull_number: number,
        merge_method: index === 0 ? 'squash' : 'merge',
        commit_title: title,
      });
    }
    const merged = await runWorkflow(place, {
      event: await place.events.schedule(cron),
      results: temporaryFolder(onTestFinished),
    });
    expect(merged).toEqual({ matrix: { include: [] }, optimized: [], proposed: null });
    expect(place.pulls()).toHaveLength(3);
  });

  it('proposes what other families found when one of them fails', async ({ onTestFinished }) => {
    const place = await openPlace(files, onTestFinished);
    const event = await place.events.workflowDispatch('promptline-optimize.yml', {
      ids: 'moods/long colors/terse',
    });
    const folder = temporaryFolder(onTestFinished);
    const run = await runWorkflow(place, { event, results: folder, keys: { moods: 'wrong' } });
    expect(run.optimized.map(({ outputs }) => outputs['exit-code'])).toEqual(['3', '0']);
    expect(run.proposed).toMatchObject({ exitCode: 0 });
    expect(outcomes(run)).toEqual([['colors/terse', 'opened']]);
  });

  it('says that there are no results when all families failed', async ({ onTestFinished }) => {
    const place = await openPlace(files, onTestFinished);
    const nothing = path.join(temporaryFolder(onTestFinished), 'no artifact came');
    const { exitCode, outputs, stdout, sent } = await propose(place, {
      event: await place.events.schedule(cron),
      results: nothing,
    });
    expect([exitCode, outputs['exit-code'], sent]).toEqual([1, '2', []]);
    expect(stdout).toContain('promptline-results/report.json: the file does not exist');
    expect(readdirSync(path.dirname(nothing))).toEqual([]);
  });

  it('refreshes the open pull request when the data changed', async ({ onTestFinished }) => {
    const place = await openPlace(files, onTestFinished);
    const dispatch = () => place.events.workflowDispatch('promptline-optimize.yml', { ids: 'colors/terse' });
    await propose(place, { event: await dispatch(), results });
    const [before] = place.open();
    const data = parse(files['datasets/colors/test.yaml'] ?? '');
    const rows = { examples: data.examples.slice(0, 57) };
    await place.commit('main', 'datasets/colors/test.yaml', JSON.stringify(rows));
    const body = before?.body;
    const run = await runWorkflow(place, {
      event: await dispatch(),
      results: temporaryFolder(onTestFinished),
    });
    expect(run.matrix).toEqual({ include: [{ family: 'colors', ids: 'colors/terse' }] });
    expect(outcomes(run)).toEqual([['colors/terse', 'updated']]);
    expect(place.pulls()).toEqual([before]);
    expect(before?.body).toContain('on 57 test examples');
    expect(before?.body).not.toBe(body);
    await expectProposal(place, 'colors/terse');
  });

  it('runs on every event that may start it', async ({ onTestFinished }) => {
    const place = await openPlace(files, onTestFinished);
    const events = [
      await place.events.schedule(cron),
      await place.events.push('main'),
      await place.events.repositoryDispatch('optimize', { why: 'drift' }, 'octo'),
      await place.events.workflowDispatch('promptline-optimize.yml'),
    ];
    for (const event of events) {
      const { include } = await due(place, { event });
      expect([event.name, include.map(({ family }) => family)]).toEqual([event.name, ['colors', 'moods']]);
    }
    const seen: string[][] = [];
    for (const event of events) {
      const { outputs } = await propose(place, { event, results });
      seen.push([event.name, JSON.parse(outputs['proposals'] ?? '')[0].outcome]);
    }
    expect(seen).toEqual([
      ['schedule', 'opened'],
      ['push', 'unchanged'],
      ['repository_dispatch', 'unchanged'],
      ['workflow_dispatch', 'unchanged'],
    ]);
    expect(place.pulls()).toHaveLength(1);
  });
});

function outcomes({ proposed }: WorkflowRun): string[][] {
  const proposals: { id: string; outcome: string }[] = JSON.parse(proposed?.outputs['proposals'] ?? '[]');
  return proposals.map(({ id, outcome }) => [id, outcome]);
}

async function stateOf({ repository, pulls }: Place): Promise<unknown> {
  return structuredClone({
    references: await repository.git.references(),
    pulls: pulls().map(({ pull: { head, ...pull }, ...issue }) => ({
      ...issue,
      ...pull,
      branch: head.branch,
    })),
    comments: [...repository.comments],
  });
}

/** The pull request of a prompt, with everything a reviewer needs. */
async function expectProposal({ repository, open, ahead, read }: Place, id: string): Promise<void> {
  const branch = `promptline/${id}`;
  const [pull, ...others] = open().filter(({ pull: { head } }) => head.branch === branch);
  expect(others).toEqual([]);
  const [commit, ...older] = await ahead(branch);
  expect(older).toEqual([]);
  expect(commit?.parents).toEqual([await repository.git.resolve('main')]);
  expect(repository.verifiedCommits.has(commit?.sha ?? '')).toBe(true);
  expect(commit?.author.name).toBe('github-actions[bot]');

  const proposed = parse((await read(branch, `prompts/${id}.prompt.yaml`)) ?? '');
  const base = parse((await read('main', `prompts/${id}.prompt.yaml`)) ?? '');
  expect(proposed).toEqual({ ...base, version: '1.1.0', messages: expect.any(Array) });
  expect(proposed.messages.filter(({ role }: { role: string }) => role === 'assistant')).not.toEqual([]);
  const scores = parse((await read(branch, `scores/${id}.yaml`)) ?? '');
  expect(scores).toMatchObject([{ version: '1.0.0' }, { version: '1.1.0', from: '1.0.0' }]);
  const changed = await repository.git.text('diff', '--name-only', 'refs/heads/main', `refs/heads/${branch}`);
  expect(changed.split('\n')).toEqual([`prompts/${id}.prompt.yaml`, `scores/${id}.yaml`]);

  const body = pull?.body ?? '';
  expect(pull?.title).toMatch(new RegExp(`^Improve ${id}: 1\\.0\\.0 to 1\\.1\\.0, \\+\\d+\\.\\d points$`));
  expect(pull?.labels.map(({ name }) => name)).toEqual(['promptline']);
  expect(pull?.author.login).toBe('github-actions[bot]');
  for (const part of [
    /^> \[!TIP\]\n> \*\*Improvement\.\*\* .+ points against 1\.0\.0/m,
    /^\| \*\*objective\*\* \|.*\| improvement \|$/m,
    /^\*\*What changed\.\*\* Shows \d demonstrations/m,
    /^```diff\n/m,
    /^- Cost: <span>\$<\/span>\d/m,
    /^promptline optimize .*--out promptline-results$/m,
    /^```mermaid\nxychart-beta/m,
    /GitHub starts no workflows/,
  ]) {
    expect(body).toMatch(part);
  }
  expect(body.length).toBeLessThan(65_536);
  // The long prompt does not fit; what is left out is said, and what a reviewer needs first stays.
  if (id === 'moods/long') expect(body).toMatch(/… \(\d+ more characters\)$/m);
}
