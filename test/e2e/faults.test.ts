import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { PromptReport } from '../../src/reports/run-report.ts';
import type { ScriptInput } from '../protocol-server/script.ts';
import { startProtocolServer } from '../protocol-server/server.ts';
import { familiesRepository } from './families-repository.ts';
import { reportIn, run } from './in-process.ts';

const colors = ['red', 'green', 'blue'];
const texts = Array.from({ length: 300 }, (_, index) => `thing number ${index} of 300`);
const labels = Object.fromEntries(texts.map((text, index) => [text, colors[index % 3] ?? '']));
const jsonLines = texts.map((text, index) =>
  JSON.stringify({ id: `row-${index}`, input: { text }, expected: { color: labels[text] } }),
);

/** One in ten requests fails in one of five ways, and one in fifty is never answered. Drawn anew for each attempt. */
const faults: ScriptInput['failures'] = [
  { kind: 'hang', rate: 0.02 },
  { kind: 'status', status: 429, retryAfter: '1', rate: 0.02 },
  { kind: 'status', status: 500, rate: 0.02 },
  { kind: 'cut', rate: 0.02 },
  // Longer than the timeout of the provider.
  { kind: 'slow', delayMs: 1500, rate: 0.02 },
  { kind: 'not-json', rate: 0.02 },
];

/** Measures one prompt on all rows with a model that fails as scripted. */
async function measure(failures: ScriptInput['failures'], tries: number) {
  const server = await startProtocolServer({ answers: { rule: 'skill', labels, start: 0.6 }, failures });
  const repository = familiesRepository(server.address);
  onTestFinished(async () => {
    repository.delete();
    await server.close();
  });
  repository.edit('promptline.yaml', 'tries: 2, timeout: 20', `tries: ${tries}, timeout: 1`);
  repository.edit('promptline.yaml', 'concurrency: 4', 'concurrency: 16');
  repository.remove('datasets/colors/test.yaml');
  repository.write('datasets/colors/test.jsonl', `${jsonLines.join('\n')}\n`);
  const out = path.join(repository.root, 'out');
  const evaluate = async () => {
    expect(await run(repository.root, ['evaluate', 'colors/default', '--out', out])).toMatchObject({
      code: 0,
    });
    const [report] = reportIn(out).prompts;
    return report ?? expect.fail('nothing was measured');
  };
  const rows = () =>
    readFileSync(path.join(out, 'results/colors/default.jsonl'), 'utf8').trimEnd().split('\n');
  const stored = () => {
    const database = new DatabaseSync(path.join(repository.root, '.promptline/answers.sqlite'));
    const count = database.prepare('SELECT count(*) AS n FROM answers').get()?.['n'];
    database.close();
    return count;
  };
  return { server, evaluate, rows, stored };
}

/** What was found, without what rests on time and luck. */
function scores({ metrics, objective, examples, failures, dataset }: PromptReport) {
  return { metrics, objective, examples, failures, dataset };
}

const ids = texts.map((_, index) => `row-${index}`);

describe('a provider that fails one request in eight', () => {
  it('costs time and no example: the results are those of one that never fails', async () => {
    const [sound, faulty] = [await measure([], 1), await measure(faults, 6)];
    const [expected, report] = [await sound.evaluate(), await faulty.evaluate()];
    expect(scores(report)).toEqual(scores(expected));
    expect(report.failures).toEqual([]);
    expect(report.examples.map(({ example }) => example)).toEqual(ids);
    expect(faulty.rows().map((row) => JSON.parse(row).example)).toEqual(ids);
    expect(faulty.stored()).toBe(ids.length);

    const { failures, requests, distinct, mostFrequent } = faulty.server.stats();
    expect(Object.keys(failures).sort()).toEqual(['cut', 'hang', 'not-json', 'slow', 'status']);
    expect(distinct).toBe(ids.length);
    expect(mostFrequent).toBeLessThanOrEqual(6);
    expect(report.usage).toMatchObject({ calls: ids.length, retries: requests - ids.length });
    expect(report.usage.retries).toBeGreaterThanOrEqual(20);
    expect(expected.usage.retries).toBe(0);

    // A second run asks nothing and finds the same, the retries of each answer included.
    const again = await faulty.evaluate();
    expect(scores(again)).toEqual(scores(report));
    expect(again.usage).toEqual({ ...report.usage, cached: ids.length });
    expect(faulty.server.stats().requests).toBe(requests);
  });
});

describe('prompts that always fail', () => {
  const tries = 3;
  // One in twenty: those whose number is a multiple of 20.
  const hopeless = ids.filter((_, index) => index % 20 === 0);
  const each = hopeless.map((id) => ` ${id.replace('row-', '')} of`);

  it.each<[string, NonNullable<ScriptInput['failures']>[number], RegExp]>([
    ['with a status', { kind: 'status', status: 503 }, /^local\/small: HTTP 503: .*\(3 attempts\)$/],
    [
      'with what is no answer',
      { kind: 'wrong-shape' },
      /^local\/small: the answer is not a chat completion.*\(3 attempts\)$/,
    ],
  ])('%s cost as many requests as are configured, and are failures with a name', async (_, fault, reason) => {
    const { server, evaluate, rows, stored } = await measure(
      each.map((contains) => ({ ...fault, contains })),
      tries,
    );
    const report = await evaluate();
    expect(report.failures.map(({ example }) => example)).toEqual(hopeless);
    for (const { error } of report.failures) expect(error).toMatch(reason);
    expect(report.metrics['accuracy']).toMatchObject({ n: 285, missing: 15 });
    expect(report.usage.calls).toBe(285);
    expect(rows()).toHaveLength(300);
    expect(stored()).toBe(285);
    expect(server.stats()).toMatchObject({
      requests: 285 + report.usage.retries + 15 * tries,
      mostFrequent: tries,
      distinct: 300,
    });
  });

  it('because nobody answers them are failures with a name too, and the rest is measured', async () => {
    const { server, evaluate } = await measure([{ kind: 'hang', contains: ' 40 of' }], 2);
    const { failures, metrics, usage } = await evaluate();
    expect(failures).toEqual([
      {
        example: 'row-40',
        error: expect.stringMatching(/no answer within 1 s \(2 attempts\)\. Raise `timeout`/),
      },
    ]);
    expect(metrics['accuracy']).toMatchObject({ n: 299, missing: 1 });
    expect(server.stats()).toMatchObject({ requests: 299 + usage.retries + 2, mostFrequent: 2 });
  });
});
