import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMetric } from '../../src/metrics/registry.ts';
import { observe } from '../../src/monitoring/observed-call.ts';
import { createSampledCalls } from '../../src/monitoring/sampled-calls.ts';
import { summariesOf } from '../../src/monitoring/summaries.ts';
import { type MonitoredPrompt, readTraffic } from '../../src/monitoring/traffic.ts';
import type { Prompt } from '../../src/prompts/prompt.ts';
import { createRandom } from '../../src/statistics/random.ts';
import type { WholeCall } from '../../src/telemetry/join/whole-calls.ts';
import type { CallDetails } from '../../src/telemetry/signal.ts';
import { hour, observed, silent, start, whole } from './observed.ts';

describe('a call', () => {
  const valuesOf = (...given: Parameters<typeof whole>) =>
    Object.fromEntries(observe(whole(...given), 0, (_, input, output) => (input + output) / 1000).values);

  it('has a latency where it succeeded, and tokens and cost where they are recorded', () => {
    expect(valuesOf(start)).toEqual({ success: 1, latency: 500 });
    expect(valuesOf(start, { failed: true })).toEqual({ success: 0 });
    expect(valuesOf(start, { details: { ...silent, inputTokens: 30, outputTokens: 10 } })).toEqual({
      success: 1,
      latency: 500,
      tokens: 40,
      'answer tokens': 10,
      cost: 0.04,
    });
  });

  it('has the evaluations in [0, 1], under no name of ours, and what its user said as feedback', () => {
    const scores = { grounded: 0.5, latency: 0.1, success: 0, rude: 7, user_feedback: 0, ['__proto__']: 0.5 };
    const { values } = observe(whole(start, {}, scores), 0, () => null);
    expect([...values].filter(([name]) => name !== 'latency' && name !== 'success')).toEqual([
      ['grounded', 0.5],
      ['feedback', 0],
      ['__proto__', 0.5],
    ]);
    expect(values.get('success')).toBe(1);
  });

  it("of nobody is somebody else's each time", () => {
    const [first, second] = [0, 1].map((nth) => observe(whole(start), nth, () => null));
    expect(first?.user).not.toBe(second?.user);
  });
});

describe('calls in memory', () => {
  it('are bounded, and of a user all or none are kept', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 400 }), fc.integer({ min: 1, max: 5 }), (users, each) => {
        const random = createRandom(users);
        const places = Array.from({ length: users }, () => random.next());
        const sample = createSampledCalls(100);
        for (let index = 0; index < users * each; index++) {
          const person = index % users;
          sample.add(observed(start + index, {}, { user: `${person}`, place: places[person] ?? 0 }));
        }
        const kept = sample.list();
        expect(kept.length).toBeLessThanOrEqual(100);
        const counts = Map.groupBy(kept, ({ user }) => user);
        expect([...counts.values()].every((own) => own.length === each)).toBe(true);
        if (users * each <= 100) expect(sample.share).toBe(1);
      }),
    );
  });

  it.each([0, 0.3, 0.7, 0.999])('of one user with all of them are the latest (place %d)', (place) => {
    const sample = createSampledCalls(100);
    for (let at = 0; at < 1000; at++) sample.add(observed(at, {}, { user: 'one', place }));
    const kept = sample.list();
    expect(kept.length).toBeLessThanOrEqual(100);
    expect(kept.at(-1)?.at).toBe(999);
  });
});

describe('a window', () => {
  it('is summed up by version and model, and counts are multiplied where only a share was kept', () => {
    const calls = [
      observed(start, { latency: 100, cost: 0.5 }),
      observed(start + 1, { latency: 300, cost: 0.25 }),
      observed(start + 2, { latency: 900 }, { version: '1.1.0', model: '__proto__' }),
      observed(start + hour, { latency: 7 }),
    ];
    const [stable, canary, ...more] = summariesOf(calls, { from: start, to: start + hour, share: 0.5 });
    expect(stable).toMatchObject({ version: '1.0.0', calls: 4, users: 4 });
    expect(stable?.metrics['latency']).toEqual({ n: 4, mean: 200, p95: 300, sum: 800 });
    expect(stable?.metrics['cost']?.sum).toBe(1.5);
    expect(canary).toMatchObject({ version: '1.1.0', model: '__proto__', calls: 2 });
    expect(more).toEqual([]);
  });

  it('keeps the versions and models with most calls, and the evaluations that came first', async () => {
    async function* flood() {
      for (let index = 0; index < 300; index++)
        yield whole(start + index, { version: `${index % 290}` }, { [`evaluation ${index}`]: 1 });
    }
    const prompt = { id: 'a/b', scoring: null, price: () => null };
    const { calls = [] } = (await readTraffic(flood(), [prompt], { samples: 0 })).get('a/b') ?? {};
    const summaries = summariesOf(calls, { from: start, to: start + hour, share: 1 });
    expect(summaries).toHaveLength(20);
    expect(summaries.slice(0, 10).every((summary) => summary.calls === 2)).toBe(true);
    const names = new Set(calls.flatMap(({ values }) => [...values.keys()]));
    expect(names.size).toBe(50);
    expect(names.has('evaluation 0')).toBe(true);
  });
});

describe('recorded texts', () => {
  const tools = {
    readText: () => '',
    judge: () => Promise.reject(new Error('no judge')),
    embedder: () => Promise.reject(new Error('no embedder')),
    runCustom: () => {
      throw new Error('no custom metric');
    },
  };
  const prompt: Prompt = {
    id: 'a/b',
    family: 'a',
    version: '1.2.0',
    description: undefined,
    model: 'p/m',
    parameters: {},
    messages: [],
    output: { format: 'label', field: 'color', labels: ['red', 'blue'] },
    alternatives: [],
    path: 'prompts/a/b.prompt.yaml',
  };
  const metrics = ['format_compliance', 'hallucination_rate'].map((use) => createMetric(use, use, {}, tools));
  const monitored: MonitoredPrompt = { id: 'a/b', scoring: { prompt, metrics }, price: () => null };

  const answered = (text: string, variables = '{"text":"a red sky"}'): CallDetails => ({
    ...silent,
    variables,
    answer: JSON.stringify([{ role: 'assistant', parts: [{ type: 'text', content: text }] }]),
  });

  async function scored(calls: readonly WholeCall[], samples = 50) {
    async function* each() {
      yield* calls;
    }
    const traffic = await readTraffic(each(), [monitored], { samples });
    return (traffic.get('a/b')?.calls ?? []).map(({ values }) => [
      values.get('format_compliance'),
      values.get('hallucination_rate'),
    ]);
  }

  it('are scored by the metrics that measure prompts offline', async () => {
    const calls = [
      whole(start, { details: answered('red') }),
      whole(start + 1, { details: answered('green, I think') }),
    ];
    expect(await scored(calls)).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  it('are scored by what was answered, without what the model thought or called before', async () => {
    const parts = [
      { type: 'reasoning', content: 'Blue would be wrong.' },
      { type: 'tool_call', name: 'look', arguments: {} },
      { type: 'text', content: 'red' },
    ];
    const answer = JSON.stringify([{ role: 'assistant', parts }]);
    expect(await scored([whole(start, { details: { ...answered(''), answer } })])).toEqual([[1, 0]]);
  });

  it.each([
    ['that are not recorded', whole(start)],
    ['of another major version', whole(start, { version: '2.0.0', details: answered('red') })],
    ['whose variables are no object', whole(start, { details: answered('red', '[1]') })],
    ['that are no messages', whole(start, { details: { ...answered('red'), answer: '{"a":1}' } })],
  ])('%s have no score', async (_, call) => {
    expect(await scored([call])).toEqual([[undefined, undefined]]);
  });

  it('are scored up to a number in each hour, the same ones each time', async () => {
    const calls = Array.from({ length: 300 }, (_, index) =>
      whole(start + index * (hour / 100), { details: answered('red') }),
    );
    const first = await scored(calls, 7);
    for (const own of [0, 1, 2])
      expect(first.slice(100 * own, 100 * own + 100).filter(([format]) => format === 1)).toHaveLength(7);
    expect(await scored(calls, 7)).toEqual(first);
    // Not merely the first ones.
    expect(first.slice(0, 7).every(([format]) => format === 1)).toBe(false);
  });

  it('of a prompt that is not monitored are not read', async () => {
    expect(await scored([whole(start, { prompt: 'x/y', details: answered('red') })])).toEqual([]);
  });
});
