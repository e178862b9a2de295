import { cpSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { eventsOf } from '../emulator/payloads.ts';
import { runAction } from '../emulator/runner.ts';
import { clientOf, runningEmulator } from '../emulator/running.ts';
import { scratchFolder } from '../files/scratch.ts';
import { hostileCompletions } from '../hostile/completions.ts';
import { expectQuietLog, expectSoundFiles } from '../hostile/expectations.ts';
import { activeIn, unseenIn } from '../hostile/inert-markdown.ts';
import { startProtocolServer } from '../protocol-server/server.ts';

/** As many as a report shows whole. */
const batchSize = 40;
const batches = Array.from({ length: Math.ceil(hostileCompletions.length / batchSize) }, (_, index) =>
  hostileCompletions.slice(index * batchSize, (index + 1) * batchSize),
);

/** Refusals of most of the first batch, in words from the whole list. */
const refusals = Array.from({ length: batchSize }, (_, row) => ({
  kind: 'status' as const,
  status: 400,
  contains: `Changed case ${row}.`,
  message: hostileCompletions[row * 8]?.text ?? '',
})).filter((_, row) => row % 8 > 0);

/** A pull request whose prompts get good answers before it and hostile ones after it; a family for each batch. */
async function hostilePullRequest({ failing = false } = {}) {
  const server = await startProtocolServer(
    {
      failures: failing ? refusals : [],
    },
    0,
    (messages) => {
      const [, changed, index] = /(Changed )?case (\d+)\./.exec(messages.at(-1)?.content ?? '') ?? [];
      return changed === undefined ? 'right' : (hostileCompletions[Number(index)]?.text ?? '');
    },
  );
  onTestFinished(() => server.close());
  const emulator = await runningEmulator();
  const prompt = (question: string) =>
    stringify({
      version: '1.0.0',
      modelParameters: { temperature: 0, maxTokens: 400_000 },
      output: { format: 'text', field: 'answer' },
      messages: [{ role: 'user', content: question }],
    });
  const files = {
    'promptline.yaml': stringify({
      version: 1,
      models: { task: 'local/model' },
      providers: { local: { type: 'openai-compatible', baseUrl: `${server.address}/v1`, tries: 1 } },
      families: Object.fromEntries(
        batches.map((_, index) => [
          `batch_${index}`,
          {
            datasets: `datasets/batch_${index}`,
            metrics: {
              exact_match: { field: 'answer', weight: 1, gate: { maxDrop: 0.1 } },
              format_compliance: {},
            },
          },
        ]),
      ),
    }),
    ...Object.fromEntries(
      batches.flatMap((batch, index) => [
        [`prompts/batch_${index}/default.prompt.yaml`, prompt('{{text}}')],
        [
          `datasets/batch_${index}/test.yaml`,
          stringify({
            examples: batch.map((_, row) => ({
              id: `row-${row}`,
              input: { text: `case ${index * batchSize + row}.` },
              expected: { answer: 'right' },
            })),
          }),
        ],
      ]),
    ),
  };
  const repository = await emulator.repository('octo/app', { files });
  const client = clientOf(emulator, emulator.tokens.classic('octo'));
  const place = { owner: 'octo', repo: 'app' };
  const base = (await repository.git.resolve('main')) ?? '';
  const changes = batches.map((_, index) => ({
    path: `prompts/batch_${index}/default.prompt.yaml`,
    mode: '100644' as const,
    content: prompt('Changed {{text}}').replace('1.0.0', '1.1.0'),
  }));
  const tree = await client.rest.git.createTree({ ...place, base_tree: base, tree: changes });
  const commit = await client.rest.git.createCommit({
    ...place,
    message: 'Change',
    tree: tree.data.sha,
    parents: [base],
  });
  await client.rest.git.createRef({ ...place, ref: 'refs/heads/topic', sha: commit.data.sha });
  await client.rest.pulls.create({ ...place, title: 'Change', head: 'topic', base: 'main' });
  const token = emulator.tokens.workflow(repository, {
    contents: 'read',
    checks: 'write',
    'pull-requests': 'write',
  });
  return {
    emulator,
    repository,
    async evaluate(batch: number) {
      const results = scratchFolder();
      const result = await runAction({
        emulator,
        repository,
        token,
        event: await eventsOf(emulator.github, repository).pullRequest(1, 'opened'),
        inputs: { command: 'evaluate', ids: `batch_${batch}/default`, out: 'results', 'github-token': token },
        fetchDepth: 0,
        inspect: (workspace) => cpSync(path.join(workspace, 'results'), results, { recursive: true }),
      });
      const comments = [...repository.comments.values()];
      const checks = [...repository.checkRuns.values()];
      return { result, results, comments, checks };
    },
  };
}

describe('answers that want to be more than text', () => {
  it.each(batches.map((batch, index) => ({ index, from: batch[0]?.name, to: batch.at(-1)?.name })))(
    'do nothing on a pull request: $from to $to',
    async ({ index }) => {
      const { emulator, evaluate } = await hostilePullRequest();
      const { result, results, comments, checks } = await evaluate(index);
      expect({ ...result, stdout: '' }).toMatchObject({ exitCode: 1, outputs: { 'exit-code': '1' } });
      expectQuietLog(result);
      const addresses = [`${emulator.urls.server}/octo/app/actions/runs/4242/attempts/1`];
      const [comment] = comments;
      expect(comments).toHaveLength(1);
      expect(comment?.body).toMatch(/\*\*Gate failed\.\*\*/);
      expect(comment?.body).toMatch(/<summary>Examples: \d+ lost, 0 won, 0 unchanged/);
      expect(activeIn(comment?.body ?? '', { marker: /^<!-- promptline -->\n/, addresses })).toEqual([]);
      expect(checks).toMatchObject([{ conclusion: 'failure' }]);
      for (const { output } of checks) {
        expect(activeIn(output.summary ?? '')).toEqual([]);
        expect(unseenIn(output.title ?? '')).toEqual([]);
      }
      expect(result.summary).toMatch(/^> \[!CAUTION\]/);
      expect(activeIn(result.summary)).toEqual([]);
      expectSoundFiles(results);
    },
    120_000,
  );

  it('do nothing where they are the words in which a provider refuses', async () => {
    const { emulator, evaluate } = await hostilePullRequest({ failing: true });
    const { result, results, comments, checks } = await evaluate(0);
    // Five answers of forty judge nothing.
    const named = '["batch_0/default"]';
    expect(result).toMatchObject({ exitCode: 1, outputs: { measured: named, 'failed-gates': named } });
    expectQuietLog(result);
    const addresses = [`${emulator.urls.server}/octo/app/actions/runs/4242/attempts/1`];
    const [comment] = comments;
    expect(comment?.body).toMatch(/<summary>35 failures<\/summary>/);
    expect(activeIn(comment?.body ?? '', { marker: /^<!-- promptline -->\n/, addresses })).toEqual([]);
    expect(checks.flatMap(({ output }) => activeIn(output.summary ?? ''))).toEqual([]);
    expect(activeIn(result.summary)).toEqual([]);
    expectSoundFiles(results);
  });
});
