import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { readReport } from '../../src/reports/write-reports.ts';
import type { Ran } from './in-process.ts';
import {
  environment,
  expectOneLine,
  ofSecondPrompt,
  optimize,
  type ParcelsRepository,
  parcelsRepository,
  proposalIn,
  writtenIn,
} from './parcels-repository.ts';

describe('a limit of the run', () => {
  it.each(['reflection', 'playbook', 'auto'])(
    'in dollars ends %s in order, with the best so far measured on the test split',
    async (strategy) => {
      const made = await parcelsRepository({ provider: { price: { input: 10, output: 10 } }, calls: 2000 });
      const ran = await optimize(made, strategy, { args: ['--usd', '0.3'] });
      expect(ran.code).toBe(0);
      const { search, usage, head } = proposalIn(made);
      expect(search.ended).toContain('the budget of $0.3 was used but for the final measurement');
      expect(usage.usd).toBeLessThanOrEqual(0.3);
      expect(head?.results).toHaveLength(50);
      expect(head?.failures).toEqual([]);
    },
  );

  it('that leaves no room for a pick ends without a proposal, and says so', async () => {
    const made = await parcelsRepository();
    const { code, stdout } = await optimize(made, 'reflection', { args: ['--tokens', '400'] });
    expect(code).toBe(0);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(/No (proposal|improvement): /);
    expect(proposalIn(made)).toMatchObject({ accepted: false, to: null });
  });
});

describe('a metric that', () => {
  const own = (body: string) => `export default ({ example, output }) => { ${body} };`;

  it.each([
    ['throws', 'throw new Error("no tone")', 'no tone'],
    ['gives NaN', 'return Number.NaN', 'gave "NaN", not a number'],
    ['gives a number out of range', 'return 7', 'gave 7'],
  ])('%s on every example ends the run by name before the proposer is asked', async (_, body, why) => {
    const made = await parcelsRepository({ metric: own(body) });
    const ran = await optimize(made, 'reflection');
    expect(ran.code).toBe(3);
    expectOneLine(
      ran,
      /^parcels\/codes: none of the first 16 examples could be measured; the first, dev-\d+: metric own: /,
    );
    expect(ran.stderr).toContain(why);
    expect(made.task.stats().requests).toBe(16);
    expect(made.writer.stats().requests).toBe(0);
  });

  it.each(['reflection', 'playbook', 'auto'])(
    'throws on many examples ends %s without a proposal, by name',
    async (strategy) => {
      const metric = own(
        'if (Number(example.id.split("-")[1]) % 2 === 0) throw new Error("no tone"); return 1',
      );
      const made = await parcelsRepository({ metric });
      const { code, stdout } = await optimize(made, strategy);
      expect(code).toBe(0);
      expect(stdout.replace(/\s+/g, ' ')).toMatch(/No proposal: too many examples .* metric own: .*no tone/);
      const { accepted, search } = proposalIn(made);
      expect(accepted).toBe(false);
      expect(search.candidates[0]).toMatchObject({
        fate: 'failed',
        failure: expect.stringContaining('no tone'),
      });
      expect(made.writer.stats().requests).toBe(0);
    },
  );

  it('throws on a few examples costs those only, and is named', async () => {
    const metric = own('if (/-(7|23)$/.test(example.id)) throw new Error("no tone"); return 1');
    const made = await parcelsRepository({ metric });
    const { code, stdout } = await optimize(made, 'reflection');
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Improvement with failures\n/),
    });
    const { head, comparison, search } = proposalIn(made);
    expect(head?.failures.map(({ example }) => example)).toEqual(['test-7', 'test-23']);
    expect(comparison?.objective.n).toBe(48);
    const failures = search.candidates.flatMap(({ failure }) => failure ?? []);
    expect(failures.length).toBeGreaterThan(0);
    for (const failure of failures) expect(failure).toMatch(/^dev-(7|23): metric own: .*no tone/);
  });
});

describe('a run of several prompts that ends early', () => {
  /** Ended outside, with the first prompt's proposal in a report that says why it ended. */
  function expectKept(made: ParcelsRepository, { code, stdout, stderr }: Ran, why: RegExp): void {
    expect(code).toBe(3);
    expect(stdout).toMatch(/^Report {7}\S+report\.html$/m);
    expect(stderr).toMatch(why);
    const { ended, proposals = [], prompts } = readReport(made.out);
    expect(proposals.map(({ id, accepted }) => ({ id, accepted }))).toEqual([
      { id: 'parcels/codes', accepted: true },
    ]);
    expect(prompts).toHaveLength(1);
    expect(ended).toMatch(why);
    expect(existsSync(writtenIn(made))).toBe(true);
    for (const file of ['report.md', 'report.html']) {
      expect(readFileSync(path.join(made.out, file), 'utf8')).toContain('The run ended early');
    }
  }
  const failing = { failures: [{ kind: 'status' as const, status: 401, contains: ofSecondPrompt }] };

  it.each([
    ['the proposer refuses', { writer: failing }, /writer\/gpt-4o-mini: HTTP 401/],
    ['the task model refuses', { task: failing }, /small\/gpt-4o-mini: HTTP 401/],
  ])('because %s keeps the proposals made before', async (_, options, why) => {
    const made = await parcelsRepository({ second: true, ...options });
    expectKept(made, await optimize(made, 'reflection'), why);
  });

  it('because a metric fails keeps the proposals made before', async () => {
    // The first prompt is measured on each test row twice, by the pick and as it was; what comes after is the second.
    const metric = `let tests = 0;
      export default ({ example }) => {
        if (tests === 100) throw new Error('no tone');
        if (example.id.startsWith('test')) tests += 1;
        return 1;
      };`;
    const made = await parcelsRepository({ second: true, metric });
    expectKept(made, await optimize(made, 'reflection'), /metric own: .*no tone/);
  });

  it('because it is stopped keeps the proposals made before, and the same command goes on', async () => {
    const made = await parcelsRepository({ second: true, task: { latencyMs: 2 } });
    const abort = new AbortController();
    const running = optimize(made, 'reflection', { signal: abort.signal });
    const asked = () => made.task.received.some(({ body }) => JSON.stringify(body).includes(ofSecondPrompt));
    while (!asked()) await delay(2);
    abort.abort();
    expectKept(made, await running, /cancelled|[Ss]topped/);
    const answered = made.task.delivered.length;
    expect((await optimize(made, 'reflection')).code).toBe(0);
    expect(made.task.delivered.length).toBeGreaterThan(answered);
    expect(made.task.stats().mostFrequent).toBeLessThanOrEqual(2);
    const { ended, proposals } = readReport(made.out);
    expect(ended).toBeUndefined();
    expect(proposals).toHaveLength(2);
  });

  it('with nothing finished leaves no report', async () => {
    const made = await parcelsRepository({ second: true, writer: { apiKey: 'another' } });
    const ran = await optimize(made, 'reflection');
    expect(ran.code).toBe(3);
    expectOneLine(ran, /HTTP 401/);
    expect(readdirSync(made.out)).toEqual([]);
  });
});

it('an interrupted process ends with exit code 3, and its report holds what was finished', async () => {
  const made = await parcelsRepository({ second: true, task: { latencyMs: 5 }, calls: 330 });
  const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');
  const args = ['optimize', '--strategy', 'reflection', '--root', made.root, '--out', made.out];
  const child = spawn(process.execPath, [cli, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...environment },
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const asked = () => made.task.received.some(({ body }) => JSON.stringify(body).includes(ofSecondPrompt));
  while (!asked() && child.exitCode === null) await delay(2);
  child.kill('SIGINT');
  const [code] = await once(child, 'close');
  expect({ code, said }).toEqual({ code: 3, said: expect.stringContaining('run the same command again') });
  const { ended, proposals } = readReport(made.out);
  expect(proposals?.map(({ id }) => id)).toEqual(['parcels/codes']);
  expect(ended).toMatch(/cancelled|stopped/);
});
