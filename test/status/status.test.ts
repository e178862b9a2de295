import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { loadPrompt } from '../../src/prompts/load.ts';
import { promptDigest } from '../../src/prompts/version.ts';
import type { Recommendation } from '../../src/reports/dashboard/dashboard.ts';
import { reportSchemaVersion } from '../../src/reports/run-report.ts';
import { familiesRepository } from '../e2e/families-repository.ts';
import { run } from '../e2e/in-process.ts';
import { prompt as id } from '../rollout/fixtures.ts';
import { logsLine, score, span, spanIds, spansLine, start } from '../telemetry/otlp-lines.ts';
import { rolledOut } from '../watch/rolled-out.ts';

const environment = { PATH: process.env['PATH'] ?? '' };
const DAY = 86_400_000;

/** A repository with a rollout on the state branch, a scorebook, and telemetry of calls that half of the users disliked. */
async function repository() {
  const rollout = await rolledOut();
  const { folder } = rollout;
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  };
  write(
    'promptline.yaml',
    stringify({
      models: { task: 'local/small' },
      providers: {
        local: {
          type: 'openai-compatible',
          baseUrl: 'http://127.0.0.1:9/v1',
          price: { input: 2, output: 10 },
        },
      },
      rollout: { metrics: { success: {} } },
      telemetry: { sources: [{ type: 'otlp-file', path: 'telemetry' }] },
      families: {
        query_processing: {
          datasets: { test: 'test.yaml' },
          metrics: { accuracy: { use: 'label_accuracy', field: 'intent', weight: 1 } },
        },
      },
    }),
  );
  write(
    `prompts/${id}.prompt.yaml`,
    stringify({
      version: '1.2.0',
      output: { format: 'label', field: 'intent', labels: ['a', 'b'] },
      messages: [{ role: 'user', content: '{{text}}' }],
    }),
  );
  const row = (name: string) => ({ id: name, input: { text: name }, expected: { intent: 'a' } });
  write('test.yaml', stringify({ examples: ['one', 'two', 'three'].map(row) }));
  const command = (...args: string[]) => run(folder, args, { environment });
  return { ...rollout, write, command };
}

/** A call of an hour ago with its tokens, of a user who says what they think. Some name the model with its provider. */
function call(nth: number, liked: boolean, model = nth % 2 === 0 ? 'small' : 'local/small'): string {
  const [place, at] = [spanIds(), Date.now() - start - 3_600_000 + nth];
  const spent = span({ at, user: `user ${nth}`, version: '1.0.0', responseId: `r${nth}` }, place, true);
  const tokens = [
    { key: 'gen_ai.request.model', value: { stringValue: model } },
    { key: 'gen_ai.usage.input_tokens', value: { intValue: '1000' } },
    { key: 'gen_ai.usage.output_tokens', value: { intValue: '100' } },
  ];
  const said = score(
    { at: at + 1, name: 'user_feedback', value: liked ? 1 : 0, responseId: `r${nth}` },
    place,
  );
  return spansLine({ ...spent, attributes: [...spent.attributes, ...tokens] }) + logsLine(said);
}

function digestOf(folder: string): string {
  return promptDigest(loadPrompt(folder, path.join(folder, `prompts/${id}.prompt.yaml`), 'local/small'));
}

it('gathers files, the state branch and telemetry, and says what to do next with commands that exist', async () => {
  const { write, telemetry, folder, command } = await repository();
  write(
    `scores/${id}.yaml`,
    stringify([
      {
        version: '1.2.0',
        digest: digestOf(folder),
        date: '2026-02-01',
        model: 'local/small',
        dataset: { path: 'test.yaml', digest: 'a'.repeat(64), n: 2 },
        objective: { mean: 0.5, interval: [0.1, 0.9], n: 2 },
        metrics: {},
      },
    ]),
  );
  writeFileSync(
    path.join(telemetry, 'calls.jsonl'),
    Array.from({ length: 40 }, (_, nth) => call(nth, nth % 8 < 3)).join(''),
  );
  const { code, stdout } = await command('status', '--json');
  expect(code).toBe(0);
  const document = JSON.parse(stdout);
  expect(document).toMatchObject({
    schema: 1,
    command: 'status',
    prompts: [{ id, version: '1.2.0', model: 'local/small', measured: 1, newest: { version: '1.2.0' } }],
    rollouts: { problem: null, prompts: [{ prompt: id, stable: '1.0.0', canary: '1.1.0', percent: 10 }] },
    production: {
      uses: [
        {
          prompt: id,
          calls: 40,
          users: 40,
          inputTokens: 40_000,
          outputTokens: 4_000,
          feedback: { users: 40, disliked: 25 },
        },
      ],
    },
    problems: [],
  });
  // 40,000 tokens for 2 dollars and 4,000 for 10 dollars a million.
  expect(document.production.uses[0].usd).toBeCloseTo(0.12, 9);
  const recommended: readonly Recommendation[] = document.recommendations;
  expect(recommended.map(({ kind }) => kind)).toEqual(['release', 'optimize', 'label']);
  for (const { command: line, evidence } of recommended) {
    expect(evidence.length).toBeGreaterThan(0);
    const [program, ...words] = line.split(' ');
    expect(program).toBe('promptline');
    expect(await command(...words, '--help')).toMatchObject({ code: 0, stderr: '' });
  }
});

it('writes the page beside what it prints', async () => {
  const { folder, command } = await repository();
  const page = path.join(folder, 'site', 'index.html');
  const { code, stdout } = await command('status', '--html', page);
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`^${id} +1\\.2\\.0 +– +– +never +1\\.1\\.0 at 10 %$`, 'm'));
  expect(stdout).toMatch(new RegExp(`^ +\\$ promptline release ${id}$`, 'm'));
  const html = readFileSync(page, 'utf8');
  expect(html).toContain(`promptline release ${id}`);
  expect(html).toContain('1.1.0 at 10 %');
});

it('says what could not be read, and shows the rest', async () => {
  const repository = familiesRepository('http://127.0.0.1:9');
  onTestFinished(repository.delete);
  const { root } = repository;
  repository.edit('promptline.yaml', 'families:', 'rollout: {}\nfamilies:');
  repository.write('prompts/colors/broken.prompt.yaml', 'messages: [\n');
  repository.write('scores/moods/default.yaml', 'version: 1\n');
  const { code, stdout } = await run(root, ['status', '--html', path.join(root, 'page.html')], {
    environment,
  });
  expect(code).toBe(0);
  expect(stdout).toContain('\nRollouts\n  Not known: ');
  expect(stdout).toMatch(/Missing\n {2}prompts\/colors\/broken\.prompt\.yaml:2:1: /);
  expect(stdout).toContain('scores/moods/default.yaml:1:1: ');
  expect(stdout).toContain('colors/terse');
  expect(stdout).toContain('colors/default: It was never optimized. Test rows today: 4');
  // Nobody knows what is served.
  expect(stdout).not.toContain('promptline release');
  expect(readFileSync(path.join(root, 'page.html'), 'utf8')).toContain('<p class="lead">Not known: ');
});

it('adds up what runs on this machine took; an optimization counts once', async () => {
  const repository = familiesRepository('http://127.0.0.1:9');
  onTestFinished(repository.delete);
  const usage = { calls: 10, cached: 0, inputTokens: 500, outputTokens: 50, usd: 0.25, retries: 0 };
  const measured = {
    ...{ id: 'colors/default', version: '1.0.0', model: 'local/small', digest: 'a'.repeat(64) },
    dataset: { path: 'test.yaml', digest: 'b'.repeat(64), split: 'test', n: 4 },
    metrics: {},
    objective: { mean: 1, interval: null, n: 4, missing: 0, unit: 'ratio', direction: 'higher' },
    ...{ usage, metricUsage: { ...usage, usd: 0.5 } },
    ...{ failures: [], latencyMs: null, elapsedMs: null, examples: [] },
  };
  const report = { schema: reportSchemaVersion, command: 'evaluate', version: '0.1.0', prompts: [measured] };
  repository.write('.promptline/runs/evaluate-1/report.json', JSON.stringify(report));
  repository.write('.promptline/runs/evaluate-2/report.json', JSON.stringify(report));
  repository.write('.promptline/runs/optimize-1/report.json', JSON.stringify({ ...report, proposals: [] }));
  repository.write('.promptline/runs/cut-off/report.json', '{');
  const { stdout } = await run(repository.root, ['status', '--json'], { environment });
  const { runs, problems } = JSON.parse(stdout);
  expect(runs).toEqual([
    { prompt: 'colors/default', calls: 40, inputTokens: 2000, outputTokens: 200, usd: 1.5 },
  ]);
  expect(problems).toEqual([expect.stringContaining('report.json')]);
});

it('asks to retire a prompt that nobody called while telemetry goes back a month, and not where it is younger', async () => {
  const { write, telemetry, command } = await repository();
  const idle = 'query_processing/idle';
  write(`prompts/${idle}.prompt.yaml`, stringify({ messages: [{ role: 'user', content: '{{text}}' }] }));
  const measured = { version: '1.0.0', digest: 'a'.repeat(64), date: '2020-01-01', model: 'local/small' };
  const dataset = { path: 'test.yaml', digest: 'a'.repeat(64), n: 3 };
  const objective = { mean: 0.5, interval: null, n: 3 };
  write(`scores/${idle}.yaml`, stringify([{ ...measured, dataset, objective, metrics: {} }]));
  const retired = async () => {
    const { stdout } = await command('status', '--json');
    return JSON.parse(stdout).recommendations.filter(({ kind }: Recommendation) => kind === 'retire');
  };
  const file = path.join(telemetry, 'calls.jsonl');
  writeFileSync(file, call(0, true));
  expect(await retired()).toEqual([]);
  writeFileSync(file, call(-30.5 * DAY, true) + call(0, true));
  expect(await retired()).toMatchObject([
    { prompt: idle, command: `git rm prompts/${idle}.prompt.yaml`, evidence: [{}, { value: '2' }, {}] },
  ]);
});

it('does not guess what a call of another model cost', async () => {
  const { telemetry, command } = await repository();
  const usd = async () => JSON.parse((await command('status', '--json')).stdout).production.uses[0].usd;
  const file = path.join(telemetry, 'calls.jsonl');
  writeFileSync(file, call(0, true));
  expect(await usd()).toBeCloseTo(0.003, 9);
  writeFileSync(file, call(0, true) + call(1, true, 'large'));
  expect(await usd()).toBeNull();
});

it('names the page that it cannot write, and another way', async () => {
  const repository = familiesRepository('http://127.0.0.1:9');
  onTestFinished(repository.delete);
  const { root } = repository;
  expect(await run(root, ['status', '--html', root], { environment })).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/cannot be written: .*or choose another file with --html\.$/),
  });
});

it('triggers and harvest name telemetry that is not there', async () => {
  const repository = familiesRepository('http://127.0.0.1:9');
  onTestFinished(repository.delete);
  repository.edit(
    'promptline.yaml',
    'families:',
    'telemetry: { sources: [{ type: otlp-file, path: nowhere }] }\nfamilies:',
  );
  for (const command of [['status'], ['triggers'], ['harvest', '--dry-run']])
    expect(await run(repository.root, command, { environment })).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('telemetry: 1 path without files: nowhere'),
    });
});
