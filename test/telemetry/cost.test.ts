import { expect, it } from 'vitest';
import { openOtlpFiles } from '../../src/telemetry/otlp/files.ts';
import type { PriceOf } from '../../src/telemetry/priced-calls.ts';
import { openReader } from '../../src/telemetry/reading.ts';
import { measureTraffic } from '../../src/telemetry/traffic.ts';
import { scratchFolder } from '../files/scratch.ts';
import { prompt } from '../rollout/fixtures.ts';
import {
  assignment,
  type CallFields,
  callLine,
  logsLine,
  span,
  spanIds,
  spansLine,
  start,
} from './otlp-lines.ts';
import { comparison, counted, described, minutes, window } from './reading.ts';

const call: CallFields = {
  at: 1000,
  user: 'ada',
  version: '1.1.0',
  model: 'local/small',
  inputTokens: 300,
  outputTokens: 20,
};

const priceOf: PriceOf = async (model) =>
  model === 'local/small' ? (input, output) => (2 * input + 10 * output) / 1e6 : null;

const sourceOf = (...lines: string[]) =>
  openOtlpFiles(scratchFolder({ 'telemetry/data.json': lines.join('') }), 'telemetry');

const read = (...lines: string[]) =>
  openReader([sourceOf(...lines)], comparison, { window, priceOf }).read({}, start + 60 * minutes);

it('is what the tokens of a call cost, of one that failed too', async () => {
  const reading = await read(
    callLine(call),
    callLine({ ...call, version: '1.0.0', failed: true, outputTokens: 0 }),
  );
  expect(described(reading)).toEqual([
    'canary success 1, latency 800, cost 0.0008',
    'control success 0, cost 0.0006',
  ]);
  expect(reading.irregularities).toEqual([]);
});

it('is known of a call whose user comes later', async () => {
  const place = spanIds();
  const reading = await read(spansLine(span(call, place)), logsLine(assignment(call, place)));
  expect(described(reading)).toEqual(['canary success 1, latency 800, cost 0.0008']);
});

it('is not made up where tokens or the price are missing, and that is said', async () => {
  const { inputTokens: _, ...half } = call;
  const reading = await read(
    callLine(half),
    callLine({ ...half, failed: true }),
    callLine({ ...call, model: 'local/large' }),
    callLine({ at: 1000, user: 'bob', version: '1.0.0', inputTokens: 1, outputTokens: 1 }),
    // Of another prompt, nobody asks.
    callLine({ ...half, prompt: 'summarization/default' }),
  );
  expect(described(reading).join()).not.toContain('cost');
  expect(counted(reading)).toEqual(['1 without tokens', '2 without price']);
  expect(reading.irregularities[1]?.example).toBe('local/large');
});

it('is asked of nobody where no rollout watches it', async () => {
  const reader = openReader([sourceOf(callLine(call))], comparison, { window, priceOf: null });
  expect(described(await reader.read({}, start + 60 * minutes))).toEqual(['canary success 1, latency 800']);
});

it('is part of the usual traffic that a plan is made for', async () => {
  const { usual } = await measureTraffic(
    [sourceOf(callLine(call), callLine({ ...call, user: 'bob', outputTokens: 0 }))],
    {
      prompt,
      version: '1.1.0',
      since: start,
      now: start + 60 * minutes,
      window,
      priceOf,
    },
  );
  expect(usual['cost']).toBeCloseTo(0.0007, 10);
});
