import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import type { ScriptInput } from '../protocol-server/script.ts';
import { type ProtocolServer, startProtocolServer } from '../protocol-server/server.ts';
import { reportIn, run } from './in-process.ts';
import { concurrency, labelAnswers, labelRepository } from './label-repository.ts';

const price = { weak: { input: 1, output: 1 }, strong: { input: 100, output: 100 } };
const half = Object.fromEntries(Object.entries(labelAnswers).filter((_, index) => index % 2 === 0));
const testSize = Object.keys(labelAnswers).filter((text) => text.startsWith('test')).length;

/** The repository of colours with a server for each provider and these composites. */
async function repository(
  scripts: Readonly<Record<string, ScriptInput>>,
  composites: Record<string, unknown>,
) {
  const servers: Record<string, ProtocolServer> = {};
  for (const [name, script] of Object.entries(scripts)) servers[name] = await startProtocolServer(script);
  const { root, remove } = labelRepository('http://127.0.0.1:9', { calls: 400 });
  onTestFinished(async () => {
    await Promise.all(Object.values(servers).map((server) => server.close()));
    remove();
  });
  const providers = Object.entries(servers).map(([name, { address }]) => [
    name,
    {
      type: 'openai-compatible',
      baseUrl: `${address}/v1`,
      tries: 1,
      price: price[name as 'weak'] ?? price.weak,
    },
  ]);
  writeFileSync(
    path.join(root, 'promptline.yaml'),
    stringify({
      models: { task: 'composite/it' },
      concurrency,
      providers: Object.fromEntries(providers),
      composites,
      families: {
        colors: {
          datasets: 'datasets/colors',
          metrics: { accuracy: { use: 'label_accuracy', field: 'color', weight: 1 }, cost: {} },
          optimize: { calls: 400, maxDemonstrations: 9 },
        },
      },
    }),
  );
  const evaluate = async (name: string, ...options: string[]) => {
    const out = path.join(root, name);
    const ran = await run(root, ['evaluate', '--out', out, ...options]);
    return { ...ran, report: () => reportIn(out).prompts[0] ?? expect.fail('no prompt') };
  };
  return { root, servers, evaluate, requests: (name: string) => servers[name]?.stats().requests };
}

const knowing = (labels: Record<string, string>): ScriptInput => ({ answers: { rule: 'labels', labels } });

const route = { type: 'route', models: ['weak/m', 'strong/m'], until: { format: 'exact' } };

describe('a route over HTTP', () => {
  const start = () => repository({ weak: knowing(half), strong: knowing(labelAnswers) }, { it: route });

  it('is as good as the strong model, asks it only where it must, and shows what each cost', async () => {
    const { evaluate, requests } = await start();
    const { code, report } = await evaluate('routed');
    expect(code).toBe(0);
    const { model, metrics, usage } = report();
    expect(model).toBe('composite/it');
    expect(metrics['accuracy']?.mean).toBe(1);
    expect([requests('weak'), requests('strong')]).toEqual([testSize, testSize / 2]);
    expect(usage).toMatchObject({
      calls: testSize,
      retries: 0,
      members: { 'weak/m': { calls: testSize }, 'strong/m': { calls: testSize / 2 } },
    });
    const parts = Object.values(usage.members ?? {}).map(({ usd }) => usd ?? expect.fail('no price'));
    expect(usage.usd).toBeCloseTo(parts.reduce((sum, usd) => sum + usd, 0));
    expect(metrics['cost']?.mean).toBeCloseTo((usage.usd ?? 0) / testSize);
    const alone = (await evaluate('alone', '--model', 'strong/m')).report();
    expect(usage.usd).toBeLessThan(0.7 * (alone.usage.usd ?? 0));
    // Half of the strong model's answers were in the store already.
    expect(alone.usage.cached).toBe(testSize / 2);
    expect(requests('strong')).toBe(testSize);
  });

  it('goes on after a budget that ran out, and pays for nothing twice', async () => {
    const { evaluate, requests } = await start();
    const stopped = await evaluate('stopped', '--calls', '40');
    expect(stopped).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('The budget of 40 calls is reached'),
    });
    expect((requests('weak') ?? 0) + (requests('strong') ?? 0)).toBe(40);
    const { usage } = (await evaluate('resumed')).report();
    expect(usage.cached).toBeGreaterThan(10);
    expect([requests('weak'), requests('strong')]).toEqual([testSize, testSize / 2]);
    const again = (await evaluate('again')).report();
    expect(again.usage).toMatchObject({ calls: testSize, cached: testSize, usd: usage.usd });
    const dry = await evaluate('dry', '--dry-run');
    expect(dry.stdout).toContain(`composite/it  ${testSize} calls, ${testSize} stored`);
  });
});

describe('a fallback over HTTP', () => {
  it('answers everything while its first model has an empty account, and asks that one no longer', async () => {
    const { evaluate, requests } = await repository(
      { weak: { failures: [{ kind: 'status', status: 402 }] }, strong: knowing(labelAnswers) },
      { it: { type: 'fallback', models: ['weak/m', 'strong/m'] } },
    );
    const { usage, failures, metrics } = (await evaluate('out')).report();
    expect(failures).toEqual([]);
    expect(metrics['accuracy']?.mean).toBe(1);
    expect(requests('weak')).toBeLessThanOrEqual(concurrency);
    expect(usage.members?.['weak/m']?.calls).toBe(requests('weak'));
    expect(usage.members?.['strong/m']?.calls).toBe(testSize);
  });
});

describe('a vote over HTTP', () => {
  it.each([
    ['', []],
    [' while a limit in dollars orders them', ['--usd', '100']],
  ])('keeps to the requests a server may have at once%s', async (_, limits) => {
    const { servers, evaluate } = await repository(
      { one: { ...knowing(labelAnswers), latencyMs: 2 } },
      { it: { type: 'vote', models: ['one/m'], samples: 5 } },
    );
    const { usage } = (await evaluate('out', ...limits)).report();
    expect(usage.members?.['one/m']).toMatchObject({ calls: 5 * testSize, cached: 0 });
    expect(servers['one']?.stats()).toMatchObject({
      requests: 5 * testSize,
      largestConcurrency: concurrency,
    });
  });

  it('is optimized like one model', async () => {
    const skilled = (seed: number): ScriptInput => ({
      seed,
      answers: { rule: 'skill', labels: labelAnswers, start: 0.3, gain: 0.08 },
    });
    const { root, servers } = await repository(
      { one: skilled(1), two: skilled(2), three: skilled(3) },
      { it: { type: 'vote', models: ['one/m', 'two/m', 'three/m'] } },
    );
    const out = path.join(root, 'out');
    const { code, stdout } = await run(root, ['optimize', '--out', out]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Improvement\n/);
    const proposal = reportIn(out).proposals?.[0] ?? expect.fail('no proposal');
    expect(proposal).toMatchObject({ accepted: true, model: 'composite/it' });
    expect(proposal.usage.members?.['one/m']?.calls).toBe(proposal.usage.calls);
    expect(Math.max(...Object.values(servers).map((server) => server.stats().mostFrequent))).toBe(1);
  });
});

it('a composite that is not described is an error in the files', async () => {
  const { root } = await repository(
    { weak: {} },
    { careful: { type: 'fallback', models: ['weak/a', 'weak/b'] } },
  );
  const { code, stderr } = await run(root, ['evaluate', '--model', 'composite/carful']);
  expect(code).toBe(2);
  expect(stderr).toContain('did you mean "composite/careful"?');
});
