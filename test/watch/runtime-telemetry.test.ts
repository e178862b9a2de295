import { expect, test } from 'vitest';
import type { Looked } from '../../src/commands/watch/look.ts';
import { recordFeedback } from '../../src/runtime/feedback.ts';
import { openPrompts } from '../../src/runtime/open-prompts.ts';
import type { PriceOf } from '../../src/telemetry/priced-calls.ts';
import { planWith, prompt } from '../rollout/fixtures.ts';
import { exportingTo } from '../runtime/exported.ts';
import { one, two } from '../runtime/fixtures.ts';
import { productionTime } from './application.ts';
import { minutes, seconds, watch } from './rolled-out.ts';
import { servedBranch } from './served-branch.ts';

const usage = () => ({ inputTokens: 300, outputTokens: 20 });
const plan = planWith({ metrics: { success: {}, latency: {}, feedback: {}, cost: {} } });

test('what the runtime records is what a watch counts: users, errors, latency, feedback and cost', async () => {
  const { pass } = productionTime();
  const branch = await servedBranch(plan);
  await branch.release(one, Date.now());
  await branch.release(two, Date.now());
  const exporting = exportingTo(branch.telemetry);
  const prompts = await openPrompts({ manifest: branch.manifest });
  const users = { '1.0.0': 0, '1.1.0': 0 };
  const [answered, liked] = [structuredClone(users), structuredClone(users)];

  for (let number = 0; number < 120; number++) {
    const [isFailed, isDisliked] = [number % 5 === 0, number % 4 === 1];
    // The first ten come a second time.
    for (let visit = 0; visit < (number < 10 ? 2 : 1); visit++) {
      const given = prompts.for(prompt, { user: `user ${number}`, variables: { query: 'play some jazz' } });
      const version = given.version as keyof typeof users;
      const answer = async () => {
        await new Promise((done) => setTimeout(done, 700));
        if (isFailed) throw new RangeError('no answer');
      };
      const recorded = given.record(answer, usage).catch(() => null);
      await pass(seconds);
      const call = (await recorded)?.call;
      if (call && isDisliked) recordFeedback(call, { score: 0, label: 'thumbs_down' });
      if (visit > 0) continue;
      users[version] += 1;
      if (!isFailed) answered[version] += 1;
      if (isFailed || !isDisliked) liked[version] += 1;
    }
  }
  // The time for feedback goes by, and somebody comes after it.
  await pass(20 * minutes);
  await prompts.for(prompt, { variables: { query: 'stop' } }).record(() => null, usage);
  await exporting.flush();
  prompts.close();
  exporting.end();

  const looks: Looked[] = [];
  const clock = { now: () => Date.now(), isOver: () => false, sleep: pass };
  const priceOf: PriceOf = async (model) =>
    model === two.document.model ? (input, output) => input + output : null;
  await watch(branch, clock, { once: true, priceOf, onLook: (looked) => void looks.push(...looked) });
  const [{ after, reading } = { after: null, reading: null }] = looks;
  const { metrics, arrivals } = after?.canary?.evidence ?? {};
  const byArm = (counted: typeof users) => ({ control: counted['1.0.0'], canary: counted['1.1.0'] });
  expect(users['1.1.0']).toBeGreaterThan(5);
  expect(arrivals).toEqual(byArm(users));
  expect(metrics?.['success']).toMatchObject({ counted: byArm(users) });
  expect(metrics?.['latency']).toMatchObject({ counted: byArm(answered), unusable: 0 });
  expect(metrics?.['cost']).toMatchObject({ counted: byArm(answered), unusable: 0 });
  expect(metrics?.['feedback']).toMatchObject({ counted: byArm(users) });
  const valuesOf = (metric: string, arm: 'control' | 'canary') =>
    reading?.observations.flatMap(({ arm: own, values }) => (own === arm ? (values[metric] ?? []) : [])) ??
    [];
  for (const arm of ['control', 'canary'] as const) {
    const latencies = valuesOf('latency', arm);
    expect(Math.min(...latencies)).toBeGreaterThanOrEqual(699);
    expect(new Set(valuesOf('cost', arm))).toEqual(new Set([320]));
    expect(valuesOf('feedback', arm).filter((value) => value === 1)).toHaveLength(byArm(liked)[arm]);
  }
  // Both visits of the first and the sixth, and one of each other fifth.
  expect(
    [...valuesOf('success', 'control'), ...valuesOf('success', 'canary')].filter((value) => value === 0),
  ).toHaveLength(26);
  expect(reading?.irregularities).toEqual([]);
});
