import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CounterReading, Cursor } from '../../src/rollout/observation.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { measureTraffic } from '../../src/telemetry/traffic.ts';
import { prompt } from '../rollout/fixtures.ts';
import { counter, scrapedApplication, steady, versions } from './counted-application.ts';
import { start } from './otlp-lines.ts';
import {
  absent,
  isPresent,
  type PrometheusServer,
  readCounted,
  sourceOf,
  startPrometheus,
  sumOf,
} from './prometheus-server.ts';
import { comparison, counted, minutes } from './reading.ts';

const seconds = 1000;
const delay = 30 * seconds;

const own = { good: 'calls_total{outcome="success"}', total: 'calls_total' };
const duration = 'gen_ai_client_operation_duration_seconds';
const application = scrapedApplication(createRandom('scraped'), { scrapes: 160, every: 15 * seconds });
const end = start + 30 * minutes;

const otel = { gen_ai_prompt_name: prompt, prompt: '', job: 'otel', instance: 'a' };
const buckets = (version: string, le: string, values: readonly number[], error_type = '') =>
  counter(`${duration}_bucket`, { ...otel, gen_ai_prompt_version: version, le, error_type }, values);

const samples = [
  ...application.lines,
  ...steady('good', { '1.0.0': 9, '1.1.0': 9 }),
  ...buckets('1.0.0', '1.28', [0, 3, 5]),
  ...buckets('1.0.0', '2.56', [0, 6, 8]),
  ...buckets('1.0.0', '+Inf', [0, 10, 12]),
  ...buckets('1.0.0', '+Inf', [0, 1, 1], 'timeout'),
  ...buckets('1.1.0', '1.28', [0, 0, 1]),
  ...buckets('1.1.0', '2.56', [0, 1, 4]),
  ...buckets('1.1.0', '+Inf', [0, 2, 5]),
  ...['1.0.0', '1.1.0'].flatMap((version) => counter('whole_bucket', { version, le: '2.0' }, [0, 4])),
  ...['1.0.0', '1.1.0'].flatMap((version) => counter('whole_bucket', { version, le: '+Inf' }, [0, 5])),
  ...counter('odd_total', { version: '1.0.0' }, [1, Number.NaN, 2.5, 4]),
  ...counter('odd_total', { version: '1x0x0' }, [1, 100]),
  ...counter('odd_total', { version: '1.1.0', prompt: 'another/prompt' }, [1, 100]),
  ...counter('odd_total', { version: '1.1.0', feature_flag_version: 2 }, [1, 3]),
  ...counter('odd_total', { version: '1.1.0', feature_flag_version: 1 }, [1, 100]),
  ...counter('up', {}, [1, 1, 1]),
];

describe.skipIf(!isPresent)(`counters of Prometheus${absent}`, () => {
  let server: PrometheusServer;
  beforeAll(async () => {
    server = await startPrometheus({ samples });
  });
  afterAll(() => server?.stop());

  const open = (success: object, more: object = {}) => sourceOf(server.url, { success }, more);
  const read = (success: object, until = start + 2 * minutes, more: object = {}) =>
    readCounted(open(success, more), {}, until);

  it('are counted exactly: restarts, servers that come late or fall silent, first errors', async () => {
    const { counters, cursor, irregularities, window } = await read(own, end + delay);
    const [control, canary] = versions.map((version) => application.calls(version, start, end));
    expect(sumOf(counters)).toEqual({ control, canary });
    expect(control?.total).toBeGreaterThan(300);
    expect(irregularities).toEqual([]);
    expect(Object.keys(cursor)).toEqual(['counters success']);
    expect(window?.to).toBe(new Date(end).toISOString());
  });

  it('are neither lost nor counted twice, however a watch is interrupted', async () => {
    const instant = fc.integer({ min: 1, max: end - start - 1 });
    const [control, canary] = versions.map((version) => application.calls(version, start, end));
    await fc.assert(
      fc.asyncProperty(fc.array(instant, { maxLength: 8 }), async (instants) => {
        const source = open(own);
        const found: CounterReading[] = [];
        let cursor: Cursor = {};
        for (const at of [...instants.toSorted((a, b) => a - b), end - start]) {
          const reading = await readCounted(source, cursor, start + at + delay);
          found.push(...reading.counters);
          cursor = reading.cursor;
          expect(counted(reading)).toEqual([]);
        }
        expect(sumOf(found)).toEqual({ control, canary });
      }),
      { numRuns: 12 },
    );
  });

  it('are counted from the beginning of a step on, whatever the cursor says', async () => {
    const since = start + 7 * minutes;
    const compared = { ...comparison, since };
    const after = (await read(own, start + 5 * minutes)).cursor;
    const { counters } = await readCounted(open(own), after, end + delay, compared);
    expect(sumOf(counters).control).toEqual(application.calls('1.0.0', since, end));
  });

  it('can name failures in place of successes', async () => {
    const bad = { bad: 'calls_total{outcome="error"}', total: 'calls_total' };
    expect(sumOf((await read(bad, end + delay)).counters)).toEqual(
      sumOf((await read(own, end + delay)).counters),
    );
  });

  it('come in batches of five minutes where a watch has fallen behind', async () => {
    const { counters } = await read(own, end + delay);
    expect(counters).toHaveLength(6);
  });

  it('are left alone while they are too young', async () => {
    const { counters } = await read(
      { good: 'good_total{outcome="success"}', total: 'good_total' },
      start + 75 * seconds,
    );
    expect(sumOf(counters).control.total).toBe(2 * 36);
  });

  it('of durations are calls within the bound of a bucket, by the names of OpenTelemetry', async () => {
    const latency = { histogram: `${duration}{error_type=""}`, atMost: 2.56 };
    const { counters, irregularities } = await read(latency, undefined, { labels: {} });
    expect(sumOf(counters)).toEqual({
      control: { successes: 8, total: 12 },
      canary: { successes: 4, total: 5 },
    });
    expect(irregularities).toEqual([]);
  });

  it('of durations find a whole bound as 2 and as 2.0', async () => {
    const { counters } = await read({ histogram: 'whole', atMost: 2 });
    expect(sumOf(counters).canary).toEqual({ successes: 4, total: 5 });
  });

  it('of durations name the bounds there are, and wait, where the bound is none', async () => {
    const latency = { histogram: duration, atMost: 2 };
    const { counters, cursor, irregularities } = await read(latency, undefined, { labels: {} });
    expect([counters, cursor]).toEqual([[], {}]);
    expect(irregularities).toEqual([
      {
        kind: 'without bucket',
        count: 1,
        example: expect.stringMatching(/atMost 2 is the bound of no bucket of .*; there are 1.28, 2.56$/),
      },
    ]);
  });

  it('that stand at no whole number are named, and the others count', async () => {
    const reading = await read({ bad: 'odd_total{outcome="error"}', total: 'odd_total' });
    // 1, 4 of this version; other prompts, other versions and other generations are passed over.
    expect(sumOf(reading.counters).control.total).toBe(3);
    expect(sumOf(reading.counters).canary.total).toBe(2);
    expect(counted(reading)).toEqual(['2 malformed']);
  });

  it('that are not there are named', async () => {
    const nothing = await read({ good: 'nothing_total', total: 'nothing' });
    expect(counted(nothing)).toEqual(['1 without series']);
    const typo = await read({ good: 'good_total{outcome="succes"}', total: 'good_total' });
    expect(counted(typo)).toEqual(['1 without series']);
    expect(sumOf(typo.counters).control.successes).toBe(0);
  });

  it('of more failures than calls are named and cut', async () => {
    const { counters, irregularities } = await read({ bad: 'good_total', total: 'odd_total' });
    expect(sumOf(counters).control).toEqual({ successes: 0, total: 3 });
    expect(irregularities.map(({ kind }) => kind)).toContain('malformed');
  });

  it('from before the first scrape the server knows are named as not kept', async () => {
    const since = start - 90 * minutes;
    const reading = await readCounted(open(own), {}, start + minutes, { ...comparison, since });
    expect(counted(reading)).toContain('1 not kept');
    expect(counted(await read(own, start + 80 * minutes))).not.toContain('1 not kept');
  });

  it('are asked for with a regular expression that is none, which the server names', async () => {
    const { irregularities } = await read({ good: 'good_total{outcome=~"("}', total: 'good_total' });
    expect(irregularities).toEqual([
      {
        kind: 'unanswered',
        count: 1,
        example: expect.stringMatching(/^success: HTTP 400: .*missing closing \)/),
      },
    ]);
  });

  it('say what is usual, for the plan', async () => {
    const counterSources = open({ good: 'good_total{outcome="success"}', total: 'good_total' });
    const { usual, callsPerMinute } = await measureTraffic([], {
      ...{ prompt, version: '1.0.0', since: start, now: start + 60 * minutes, window: 0, priceOf: null },
      counterSources,
    });
    expect(usual['success']).toBeCloseTo(0.9, 2);
    expect(callsPerMinute?.['success']).toBeCloseTo(144, -1);
  });
});

describe.skipIf(!isPresent)(`a server that Prometheus scrapes${absent}`, () => {
  it('is counted while it answers, over a restart', async () => {
    const calls = { '1.0.0': 0, '1.1.0': 0 };
    const exporter = createServer((_, response) => {
      const lines = versions.map(
        (version) =>
          `calls_total{prompt="${prompt}",version="${version}",outcome="success"} ${calls[version]}\n`,
      );
      response.end(`# TYPE calls_total counter\n${lines.join('')}`);
    });
    await new Promise<void>((resolve) => exporter.listen(0, '127.0.0.1', resolve));
    const { port } = exporter.address() as AddressInfo;
    const server = await startPrometheus({
      scrapes: [
        {
          ...{ job_name: 'application', scrape_interval: '100ms', scrape_timeout: '100ms' },
          static_configs: [{ targets: [`127.0.0.1:${port}`] }],
        },
      ],
    });
    try {
      const since = Date.now();
      const source = sourceOf(server.url, { success: own }, { delay: '1s' });
      const found: CounterReading[] = [];
      let cursor: Cursor = {};
      const readUntil = async (total: number) => {
        while (sumOf(found).control.total < total) {
          await setTimeout(250);
          const reading = await readCounted(source, cursor, Date.now(), { ...comparison, since });
          found.push(...reading.counters);
          cursor = reading.cursor;
        }
      };
      // Its first scrape must be behind it.
      while ((await readCounted(source, {}, Date.now(), { ...comparison, since })).samples === 0)
        await setTimeout(100);
      calls['1.0.0'] = 9;
      calls['1.1.0'] = 3;
      await readUntil(9);
      calls['1.0.0'] = 4;
      await readUntil(13);
      expect(sumOf(found)).toEqual({
        control: { successes: 13, total: 13 },
        canary: { successes: 3, total: 3 },
      });
    } finally {
      await server.stop();
      exporter.close();
    }
  });
});

describe.skipIf(!isPresent)(`a Prometheus that asks who is there${absent}`, () => {
  it('answers whoever has the password', async () => {
    const server = await startPrometheus({
      samples: counter('calls_total', { version: '1.0.0', outcome: 'success' }, [1, 3]),
      users: { ada: '$2b$04$abcdefghijklmnopqrstuuQCzP7jzWZS/E3GL4oF3LWbHm3pfKHH.' },
    });
    try {
      const read = async (secret: string) => {
        const named = { basicAuthEnv: 'SECRET' };
        const sources = sourceOf(server.url, { success: own }, named, { SECRET: secret });
        return readCounted(sources, {}, start + 2 * minutes);
      };
      expect(sumOf((await read('ada:a password')).counters).control.total).toBe(2);
      expect((await read('ada:another')).irregularities).toEqual([
        { kind: 'unanswered', count: 1, example: 'success: HTTP 401: Unauthorized' },
      ]);
    } finally {
      await server.stop();
    }
  });
});
