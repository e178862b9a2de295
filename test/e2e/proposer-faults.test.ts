import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ScriptInput } from '../protocol-server/script.ts';
import { startProtocolServer } from '../protocol-server/server.ts';
import { expectOneLine, optimize, parcelsRepository, proposalIn } from './parcels-repository.ts';

type Failure = NonNullable<ScriptInput['failures']>[number];

describe.each([
  ['openai-compatible', 'reflection'],
  ['openai-compatible', 'playbook'],
  ['openai-compatible', 'auto'],
  // Through Ax, which keeps errors to itself where it can.
  ['openai', 'reflection'],
] as const)('with models as %s, %s', (type, strategy) => {
  it('ends at the first question when the proposer refuses the key', async () => {
    const made = await parcelsRepository({ type, writer: { apiKey: 'another' } });
    const ran = await optimize(made, strategy);
    expect(ran.code).toBe(3);
    expectOneLine(ran, /^writer\/gpt-4o-mini: HTTP 401: .*Check the key in WRITER_KEY/);
    expect(made.writer.stats().rejected).toBe(1);
    // Of 450: what was under way on a slow machine is more.
    expect(made.task.stats().requests).toBeLessThan(45);
  });

  it('ends at the first questions when the task model refuses the key', async () => {
    const made = await parcelsRepository({ type, task: { apiKey: 'another' } });
    const ran = await optimize(made, strategy);
    expect(ran.code).toBe(3);
    expectOneLine(ran, /^small\/gpt-4o-mini: HTTP 401: .*Check the key in TASK_KEY/);
    expect(made.task.stats()).toMatchObject({ requests: 0, answered: 0 });
    expect(made.task.stats().rejected).toBeLessThanOrEqual(4);
    expect(made.writer.stats().requests).toBe(0);
  });

  it('ends at once when the account of the proposer is empty', async () => {
    const quota: Failure = { kind: 'status', status: 429, message: 'insufficient_quota' };
    const made = await parcelsRepository({ type, writer: { failures: [quota] }, provider: { tries: 4 } });
    const ran = await optimize(made, strategy);
    expect(ran.code).toBe(3);
    expectOneLine(ran, /^writer\/gpt-4o-mini: HTTP 429: insufficient_quota .*Add credit/);
    expect(made.writer.stats().requests).toBe(1);
  });

  it.each<[string, Failure, RegExp]>([
    ['is overloaded', { kind: 'status', status: 500 }, /HTTP 500: scripted failure/],
    ['never answers', { kind: 'hang' }, /no answer within 0\.2 s/],
    ['cuts its answers', { kind: 'cut' }, /./],
    ['answers with a web page', { kind: 'html' }, /./],
    ['answers in another shape', { kind: 'wrong-shape' }, /./],
  ])('ends after five questions when the proposer %s', async (_, failure, why) => {
    const made = await parcelsRepository({
      type,
      writer: { failures: [failure] },
      provider: { timeout: 0.2 },
    });
    const ran = await optimize(made, strategy);
    expect(ran.code).toBe(3);
    expectOneLine(ran, /^writer\/gpt-4o-mini: /);
    expect(ran.stderr).toMatch(why);
    expect(made.writer.stats().requests).toBe(5);
  });

  it.each<[string, Failure, RegExp]>([
    ['is overloaded', { kind: 'status', status: 500 }, /HTTP 500: scripted failure/],
    ['never answers', { kind: 'hang' }, /no answer within 0\.2 s/],
  ])('ends with the first examples when the task model %s', async (_, failure, why) => {
    const made = await parcelsRepository({ type, task: { failures: [failure] }, provider: { timeout: 0.2 } });
    const ran = await optimize(made, strategy);
    expect(ran.code).toBe(3);
    expectOneLine(
      ran,
      /^parcels\/codes: none of the first (5|16) examples could be measured; the first, dev-/,
    );
    expect(ran.stderr).toMatch(why);
    expect(made.task.stats().requests).toBe(strategy === 'playbook' ? 5 : 16);
    expect(made.writer.stats().requests).toBe(0);
  });

  it('leaves a proposer that hangs when it is stopped', async () => {
    const made = await parcelsRepository({ type, writer: { failures: [{ kind: 'hang' }] } });
    const abort = new AbortController();
    const running = optimize(made, strategy, { signal: abort.signal });
    while (made.writer.stats().requests === 0) await delay(5);
    abort.abort();
    const ran = await running;
    expect(ran.code).toBe(3);
    expectOneLine(
      ran,
      /^The run was cancelled\. Answers so far are kept; run the same command again to go on\.$/,
    );
  });

  it.each<[string, string, string]>([
    ['garbage', '{"instruction": null}', 'its answer holds no'],
    ['nothing', '  ', 'its answer is empty'],
  ])('says "no improvement" and why when the proposer answers %s', async (_, text, why) => {
    const made = await parcelsRepository({ type, propose: () => text });
    const ran = await optimize(made, strategy);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    const { accepted, search } = proposalIn(made);
    expect(accepted).toBe(false);
    expect(search.ended).toContain(
      `the proposer gave nothing usable 5 times in a row, the last time because ${why}`,
    );
    expect(ran.stdout.replace(/\s+/g, ' ')).toContain(`last time because ${why}`);
  });
});

describe('a proposer that', () => {
  it('has no key is named before anything is asked', async () => {
    const made = await parcelsRepository();
    const ran = await optimize(made, 'reflection', { environment: { TASK_KEY: 'key' } });
    expect(ran.code).toBe(2);
    expectOneLine(ran, /WRITER_KEY/);
    expect(made.task.stats().requests).toBe(0);
  });

  it('is away ends the run outside, and the same command goes on when it is back', async () => {
    const made = await parcelsRepository();
    await made.writer.close();
    const ran = await optimize(made, 'reflection');
    expect(ran.code).toBe(3);
    expectOneLine(ran, /^writer\/\S+ .*Check that a server listens at http:\/\/127\.0\.0\.1:\d+/);
    const back = await startProtocolServer({}, made.writer.port, made.world.propose);
    onTestFinished(() => back.close());
    expect((await optimize(made, 'reflection')).code).toBe(0);
    expect(made.task.stats().mostFrequent).toBe(1);
    expect(back.stats().mostFrequent).toBe(1);
  });

  it('fails now and then loses those questions only', async () => {
    const failures: Failure[] = [{ kind: 'status', status: 503, rate: 0.2 }];
    const made = await parcelsRepository({ writer: { failures }, calls: 700 });
    const { code, stdout, stderr } = await optimize(made, 'reflection');
    expect({ code, stdout, stderr }).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Improvement\n/),
    });
    expect(made.writer.stats().failures).toEqual({ status: expect.any(Number) });
  });

  it('counts no tokens ends the run outside: its costs could not be kept', async () => {
    const made = await parcelsRepository({ writer: { failures: [{ kind: 'no-usage' }] } });
    const ran = await optimize(made, 'reflection');
    expect(ran.code).toBe(3);
    expectOneLine(ran, /^writer\/gpt-4o-mini: .*Switch on usage reporting/);
  });

  it('drops the placeholders of an instruction never gets it measured', async () => {
    const made = await parcelsRepository({
      propose: () => '<instruction>Write the codes. UNFIT</instruction>',
    });
    const file = path.join(made.root, 'prompts/parcels/codes.prompt.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('or none.', 'or none. It holds {{text}}'));
    const { code } = await optimize(made, 'reflection');
    expect(code).toBe(0);
    const { accepted, search } = proposalIn(made);
    expect({ accepted, candidates: search.candidates.length }).toEqual({ accepted: false, candidates: 1 });
    expect(search.ended).toContain('it drops {{text}}');
    expect(made.task.received.some(({ body }) => JSON.stringify(body).includes('UNFIT'))).toBe(false);
  });
});
