import { mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  badWording,
  copy,
  goodWording,
  prompt,
  promptFile,
  type RepositoryOnGitHub,
  repositoryOnGitHub,
  results,
} from './repository-on-github.ts';

const bad = { [prompt]: promptFile(badWording) };
/** Another text than the base's, which the model answers as well. */
const good = {
  [prompt]: `${promptFile(goodWording)}  # the same in other words\n`.replace('Text:', 'Text :'),
};
/** The client keeps GitHub's distance between writes, and several runs share the processor. */
const timeout = 120_000;
const marker = '<!-- promptline -->';

/** What stood in our comment, one after the other, as GitHub was asked to write it. */
function written({ emulator }: RepositoryOnGitHub): string[] {
  return emulator.requests
    .filter(({ line, body }) => /^(POST|PATCH) .*\/comments/.test(line) && body.length > 0)
    .map(({ body }) => JSON.parse(body.toString()).body);
}

/** As `path: app` of actions/checkout lays it down. */
function below(workspace: string): void {
  const names = readdirSync(workspace);
  mkdirSync(path.join(workspace, 'app'));
  for (const name of names) renameSync(path.join(workspace, name), path.join(workspace, 'app', name));
}

describe.concurrent('a pull request that breaks a prompt', { timeout }, () => {
  it('fails a check that points to the messages in the prompt file', async (context) => {
    const { pullRequest, evaluate, checksAt } = await repositoryOnGitHub(context);
    const { commit, number } = await pullRequest(bad);
    const result = await evaluate(number);
    expect(result).toMatchObject({
      exitCode: 1,
      outputs: { 'exit-code': '1', 'failed-gates': '["colors/default"]' },
    });
    expect(await checksAt(commit)).toMatchObject([
      {
        name: 'promptline',
        status: 'completed',
        conclusion: 'failure',
        output: {
          title: expect.stringContaining('Gate failed. colors/default'),
          summary: expect.stringContaining('| accuracy | gate | 100.0 % | 0.0 % |'),
        },
        annotations: [
          {
            path: prompt,
            start_line: 9,
            end_line: 9,
            annotation_level: 'failure',
            message: expect.stringContaining('accuracy fell'),
          },
        ],
      },
    ]);
  });

  it('gets one comment with the table of metrics, whoever else wrote the marker', async (context) => {
    const on = await repositoryOnGitHub(context);
    const {
      emulator: { github },
      repository,
      commentsOf,
      pullRequest,
      evaluate,
    } = on;
    const { commit, number } = await pullRequest(bad);
    const mallory = github.account('mallory');
    for (let index = 0; index < 120; index += 1) {
      const [id, now] = [github.nextId(), github.now()];
      const body = index % 40 === 7 ? `${marker}\n> All is well.` : 'I like it.';
      repository.comments.set(id, {
        id,
        issue: number,
        body,
        author: mallory,
        app: undefined,
        createdAt: now,
        updatedAt: now,
      });
    }
    const theirs = structuredClone(commentsOf(number));
    // The second run finds the comment of the first, which stands on the second page.
    await evaluate(number);
    await evaluate(number);
    expect(commentsOf(number).slice(0, 120)).toEqual(theirs);
    expect(commentsOf(number).slice(120)).toMatchObject([
      {
        author: { login: 'github-actions[bot]' },
        body: expect.stringMatching(/^<!-- promptline -->\n> \[!CAUTION\]\n> \*\*Gate failed\./),
      },
    ]);
    const [ours] = commentsOf(number).slice(120);
    expect(ours?.body).toContain('| accuracy | gate | 100.0 % | 0.0 % | −100.0 points |');
    expect(ours?.body).toContain(`<sub>promptline at ${commit.slice(0, 10)} · [log](`);
  });

  it('has the whole report in the summary of its job', async (context) => {
    const { pullRequest, evaluate } = await repositoryOnGitHub(context);
    const { number } = await pullRequest(bad);
    const { summary } = await evaluate(number);
    expect(summary).toMatch(/^> \[!CAUTION\]\n> \*\*Gate failed\./);
    for (const part of [
      '| accuracy | gate |',
      '| test-23 |',
      '<summary>Cost and time</summary>',
      'promptline evaluate --base',
    ])
      expect(summary).toContain(part);
  });

  it('reads that the run is under way as long as it is', async (context) => {
    const seen = new Set<string>();
    const on: RepositoryOnGitHub = await repositoryOnGitHub(context, {
      onQuestion: () => {
        for (const { body } of on.commentsOf(1)) seen.add(body);
        for (const { status, output } of on.repository.checkRuns.values())
          seen.add(`${status} ${output.title}`);
      },
    });
    const { number } = await on.pullRequest(bad);
    await on.evaluate(number);
    expect([...seen]).toEqual([expect.stringContaining('> **Running.**'), 'in_progress Running']);
    expect(written(on)).toEqual([[...seen][0], expect.stringContaining('**Gate failed.**')]);
  });

  it('succeeds with a push that mends it, in the same comment', async (context) => {
    const { pullRequest, push, evaluate, commentsOf, checksAt } = await repositoryOnGitHub(context);
    const { commit, number } = await pullRequest(bad);
    await evaluate(number);
    const [before] = structuredClone(commentsOf(number));
    const mended = await push(good);
    expect(await evaluate(number)).toMatchObject({ exitCode: 0 });
    expect(commentsOf(number)).toMatchObject([
      { id: before?.id, body: expect.stringContaining(`promptline at ${mended.slice(0, 10)}`) },
    ]);
    expect(commentsOf(number)[0]?.body).toContain('| accuracy | gate | 100.0 % | 100.0 % |');
    expect(await checksAt(mended)).toMatchObject([{ conclusion: 'success', annotations: [] }]);
    expect(await checksAt(commit)).toMatchObject([{ conclusion: 'failure' }]);
  });
});

describe.concurrent('two runs at once', { timeout }, () => {
  it('leave what the newer one found, whichever ends last', async (context) => {
    const asked = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const onQuestion = () => {
      asked.resolve();
      return released.promise;
    };
    const { pullRequest, push, evaluate, commentsOf, checksAt } = await repositoryOnGitHub(context, {
      onQuestion,
    });
    const { commit, number } = await pullRequest(bad);
    const older = evaluate(number);
    await asked.promise;
    // As on the base: nothing is asked.
    const newest = await push({ [prompt]: promptFile(goodWording) });
    await evaluate(number, { environment: { GITHUB_RUN_ID: '4243' } });
    released.resolve();
    expect(await older).toMatchObject({ exitCode: 1 });
    expect(commentsOf(number)).toMatchObject([
      { body: expect.stringContaining(`promptline at ${newest.slice(0, 10)}`) },
    ]);
    expect(commentsOf(number)[0]?.body).toContain('**Unchanged.**');
    expect(await checksAt(commit)).toMatchObject([{ conclusion: 'failure' }]);
  });
});

describe.concurrent('a run without a result', { timeout }, () => {
  it('names the error at its line of the configuration, in comment, check and summary', async (context) => {
    const { pullRequest, evaluate, commentsOf, checksAt } = await repositoryOnGitHub(context);
    const { commit, number } = await pullRequest({ 'promptline.yaml': 'version: 1\nfamilis: {}\n' });
    const result = await evaluate(number);
    expect(result).toMatchObject({ exitCode: 1, outputs: { 'exit-code': '2' } });
    const said = expect.stringMatching(/No result[\s\S]*promptline\.yaml.*2.*unknown key "familis"/);
    expect(result.summary).toEqual(said);
    expect(commentsOf(number)).toMatchObject([{ body: said }]);
    expect(await checksAt(commit)).toMatchObject([
      {
        conclusion: 'failure',
        output: { title: 'No result', summary: said },
        annotations: [{ path: 'promptline.yaml', start_line: 2, end_line: 2, annotation_level: 'failure' }],
      },
    ]);
  });

  it('names the model that is down, and takes no report that the pull request brought along', async (context) => {
    const failures = [{ kind: 'status' as const, status: 503 }];
    const { pullRequest, evaluate, commentsOf, checksAt } = await repositoryOnGitHub(context, { failures });
    const { commit, number } = await pullRequest({
      ...bad,
      [`${results}/report.json`]: '{"schema": 1}',
      [`${results}/check.json`]: '{"schema": 1, "prompts": 1, "examples": 1, "errors": [], "warnings": []}',
    });
    expect(await evaluate(number)).toMatchObject({ exitCode: 1, outputs: { 'exit-code': '3' } });
    expect(commentsOf(number)).toMatchObject([{ body: expect.stringMatching(/No result[\s\S]*503/) }]);
    expect(await checksAt(commit)).toMatchObject([{ conclusion: 'failure', output: { title: 'No result' } }]);
  });
});

describe.concurrent('the same commit again', { timeout }, () => {
  it('leaves one check and one comment when the run is run again', async (context) => {
    const { pullRequest, evaluate, commentsOf, checksAt } = await repositoryOnGitHub(context);
    const { commit, number } = await pullRequest(bad);
    await evaluate(number);
    await evaluate(number, { environment: { GITHUB_RUN_ATTEMPT: '2' } });
    expect(commentsOf(number)).toHaveLength(1);
    expect(await checksAt(commit)).toMatchObject([
      { conclusion: 'failure', annotations: [{ path: prompt }] },
    ]);
  });

  it('takes up the check that a killed run left open', async (context) => {
    const { emulator, repository, pullRequest, evaluate, checksAt } = await repositoryOnGitHub(context);
    const { commit, number } = await pullRequest(bad);
    emulator.inject({ on: 'checks/update', fault: { kind: 'status', status: 422 } });
    await evaluate(number);
    expect(await checksAt(commit)).toMatchObject([{ status: 'in_progress' }]);
    await evaluate(number);
    expect([...repository.checkRuns.values()]).toMatchObject([
      { sha: commit, status: 'completed', conclusion: 'failure' },
    ]);
  });

  it('is measured against the base again when its check is asked for again', async (context) => {
    const { repository, events, pullRequest, evaluate, run, commentsOf, checksAt } =
      await repositoryOnGitHub(context);
    const { commit, number } = await pullRequest(bad);
    await evaluate(number);
    const [check] = await checksAt(commit);
    if (!check) throw new Error('no check');
    const event = await events.checkRunRerequested(check);
    // As `ref: github.event.check_run.head_sha` of actions/checkout.
    const there = { ...event, ref: `refs/pull/${number}/head`, sha: commit };
    const asked = { outputs: { 'failed-gates': '["colors/default"]' } };
    expect(await run('evaluate', there, { inputs: { base: '' } })).toMatchObject(asked);
    const inFolder = { inputs: { base: '', root: 'app' }, prepare: below };
    expect(await run('evaluate', there, inFolder)).toMatchObject(asked);
    const checks = await checksAt(commit);
    const named = { promptline: 'failure', 'promptline (app)': 'failure' };
    expect(Object.fromEntries(checks.map(({ name, conclusion }) => [name, conclusion]))).toEqual(named);
    expect(commentsOf(number)).toHaveLength(2);
    const before = structuredClone([...repository.checkRuns.values()]);
    const elsewhere = await run('evaluate', event, { inputs: { base: '' } });
    expect(elsewhere).toMatchObject({ exitCode: 1, outputs: { 'exit-code': '2' }, sent: [] });
    expect(elsewhere.stdout).toContain('the checkout is not the commit');
    expect([...repository.checkRuns.values()]).toEqual(before);
  });
});

describe.concurrent('a pull request', { timeout }, () => {
  it('that changes nothing that is measured says so', async (context) => {
    const { model, pullRequest, evaluate, commentsOf, checksAt } = await repositoryOnGitHub(context);
    const { commit, number } = await pullRequest({ 'README.md': 'A better shop.\n' });
    expect(await evaluate(number)).toMatchObject({ exitCode: 0, outputs: { measured: '[]' } });
    expect(commentsOf(number)).toMatchObject([{ body: expect.stringContaining('**Unchanged.**') }]);
    expect(commentsOf(number)[0]?.body).toContain('colors/default');
    expect(await checksAt(commit)).toMatchObject([{ conclusion: 'success', output: { title: 'Unchanged' } }]);
    expect(model.stats().requests).toBe(0);
  });

  it('is checked without a model, at the line of a mistake, whatever report it brings along', async (context) => {
    const { pullRequest, evaluate, commentsOf, checksAt } = await repositoryOnGitHub(context);
    const { commit, number } = await pullRequest({
      [prompt]: promptFile(goodWording).replace('version: 1.0.0', 'version: one'),
      [`${results}/report.json`]: '{"schema": 1}',
    });
    const result = await evaluate(number, { inputs: { command: 'check' } });
    expect(result).toMatchObject({ exitCode: 1, outputs: { 'exit-code': '2' } });
    const said = expect.stringMatching(/\*\*1 error\.\*\*[\s\S]*default\.prompt\.yaml/);
    expect(result.summary).toEqual(said);
    expect(commentsOf(number)).toMatchObject([{ body: said }]);
    expect(commentsOf(number)[0]?.body).toMatch(/^<!-- promptline check -->\n/);
    expect(await checksAt(commit)).toMatchObject([
      { name: 'promptline check', conclusion: 'failure', annotations: [{ path: prompt, start_line: 2 }] },
    ]);
  });

  it('gets a check and a comment for each folder with a configuration, with paths from the top', async (context) => {
    const { pullRequest, evaluate, commentsOf, checksAt } = await repositoryOnGitHub(context);
    const { commit, number } = await pullRequest({
      'apps/shop/promptline.yaml': 'version: 1\nfamilis: {}\n',
    });
    await evaluate(number, { inputs: { root: 'apps/shop' } });
    await evaluate(number);
    expect(commentsOf(number)).toMatchObject([
      { body: expect.stringMatching(/^<!-- promptline \(apps\/shop\) -->\n[\s\S]*No result/) },
      { body: expect.stringMatching(/^<!-- promptline -->\n[\s\S]*Unchanged/) },
    ]);
    const checks = await checksAt(commit);
    expect(Object.fromEntries(checks.map(({ name, conclusion }) => [name, conclusion]))).toEqual({
      promptline: 'success',
      'promptline (apps/shop)': 'failure',
    });
    const annotations = checks.flatMap((check) => check.annotations);
    expect(annotations).toMatchObject([{ path: 'apps/shop/promptline.yaml', start_line: 2 }]);
  });

  it('gets paths from the top of the repository where that is checked out into a folder', async (context) => {
    const { pullRequest, evaluate, checksAt } = await repositoryOnGitHub(context);
    const { commit, number } = await pullRequest(bad);
    await evaluate(number, { inputs: { root: 'app' }, prepare: below });
    expect(await checksAt(commit)).toMatchObject([
      { conclusion: 'failure', annotations: [{ path: prompt }] },
    ]);
  });

  it('that is measured in shards gets one comment, from the merge of them', async (context) => {
    const { folder, pullRequest, evaluate, commentsOf, checksAt } = await repositoryOnGitHub(context);
    const { commit, number } = await pullRequest(bad);
    for (const shard of ['1/2', '2/2']) {
      const result = await evaluate(number, {
        permissions: { contents: 'read' },
        inputs: { shard },
        inspect: (workspace) => copy(path.join(workspace, results), folder(`shards/shard-${shard[0]}`)),
      });
      expect(result).toMatchObject({ exitCode: 0, sent: [] });
    }
    expect(JSON.parse(readFileSync(folder('shards/shard-2/report.json'), 'utf8')).prompts).toMatchObject([
      { dataset: { n: 12 } },
    ]);
    const merged = await evaluate(number, {
      inputs: { command: 'merge', dir: 'shards', base: '' },
      prepare: (workspace) => copy(folder('shards'), path.join(workspace, 'shards')),
    });
    expect(merged).toMatchObject({ exitCode: 1, outputs: { 'failed-gates': '["colors/default"]' } });
    expect(commentsOf(number)).toMatchObject([{ body: expect.stringContaining('on 24 test examples') }]);
    expect(await checksAt(commit)).toMatchObject([
      { name: 'promptline', conclusion: 'failure', annotations: [{ path: prompt }] },
    ]);
  });
});
