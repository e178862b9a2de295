import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { describeTelemetry } from '../../src/reports/rollout/progress.ts';
import type { Cursor } from '../../src/rollout/observation.ts';
import { start } from './otlp-lines.ts';
import { readCounted, sourceOf, sumOf } from './prometheus-server.ts';
import { comparison, counted, minutes } from './reading.ts';

const seconds = 1000;
const success = { good: 'good_total', total: 'all_total' };
const token = 's3cret-token';

type Pair = readonly unknown[];
type Answer = (response: ServerResponse, query: URLSearchParams, request: IncomingMessage) => void;

/** Every 15 seconds from the start on: all calls, of which every second one goes well. */
const pairs = (calls: readonly number[]): Pair[] =>
  calls.map((value, index) => [(start + index * 15 * seconds) / 1000, String(value)]);

function matrix(name: string, values: readonly Pair[], more: object = {}): object {
  const metric = { __name__: name, version: '1.0.0', job: 'job', instance: 'instance' };
  return { metric, values, ...more };
}

function answered(result: readonly object[], more: object = {}): string {
  const data = { resultType: 'matrix', result };
  return JSON.stringify({ status: 'success', data, ...more });
}

/** What a server without troubles has at a time. */
const atRest: Answer = (response, query) => {
  const isRaw = /\[\d+ms\]$/.test(query.get('query') ?? '');
  const name = query.get('query')?.startsWith('good') ? 'good_total' : 'all_total';
  const values = pairs(name === 'good_total' ? [0, 5, 10, 15, 20] : [0, 10, 20, 30, 40]);
  const until = values.filter(([at]) => Number(at) <= Number(query.get('time')));
  response.end(answered(isRaw ? [matrix(name, until)] : []));
};

/** A server over real HTTP whose first answers are such, and without troubles after them. */
async function troubled(...answers: readonly Answer[]) {
  const asked: { readonly path: string | undefined; readonly authorization: string | undefined }[] = [];
  const server = createServer((request, response) => {
    const answer = answers[asked.length] ?? atRest;
    asked.push({ path: request.url, authorization: request.headers.authorization });
    void text(request).then((body) => answer(response, new URLSearchParams(body), request));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const status =
  (code: number, body: string, headers: Readonly<Record<string, string>> = {}): Answer =>
  (response) =>
    response.writeHead(code, headers).end(body);

/** As the server says it, with the header it was sent. */
const echoing: Answer = (response, _, { headers: { authorization = '' } }) => {
  const decoded = Buffer.from(authorization.replace(/^\w+ /, ''), 'base64').toString();
  const error = `${'x'.repeat(200)} ${authorization} ${decoded}`;
  response.writeHead(422).end(JSON.stringify({ status: 'error', errorType: 'execution', error }));
};

const failures: readonly (readonly [string, Answer, string, RegExp])[] = [
  ['asks for a password', status(401, 'Unauthorized'), 'unanswered', /HTTP 401: Unauthorized/],
  [
    'cannot execute the query',
    status(422, '{"status":"error","errorType":"execution","error":"too many samples"}'),
    'unanswered',
    /HTTP 422: too many samples/,
  ],
  ['has no time', status(429, ''), 'unanswered', /HTTP 429/],
  ['is starting', status(503, 'Service Unavailable'), 'unanswered', /HTTP 503/],
  ['leads elsewhere', status(302, '', { location: 'http://127.0.0.1:1/x' }), 'unanswered', /has moved/],
  ['breaks off', (response) => response.destroy(), 'unanswered', /connection broke/],
  ['talks of something else', status(200, '<html>Grafana</html>'), 'malformed', /not JSON/],
  ['answers another question', status(200, '{"status":"success","data":[]}'), 'malformed', /none of Prom/],
  [
    'answers without an end',
    (response) => response.end(answered([matrix('x'.repeat(17 * 1024 * 1024), [])])),
    'unanswered',
    /larger than 16 MiB/,
  ],
  [
    'has only part of the data',
    (response) => response.end(answered([], { warnings: ['remote read failed'] })),
    'incomplete',
    /remote read failed/,
  ],
];

it.each(failures)('a server that %s is named, and nothing is lost', async (_, trouble, kind, words) => {
  const { url } = await troubled(trouble);
  await expectNamed(sourceOf(url, { success }), kind, words);
});

it('a server that says nothing is named, and nothing is lost', async () => {
  const { url } = await troubled(() => {});
  await expectNamed(sourceOf(url, { success }, {}, {}, 1000), 'unanswered', /no answer within 1 s/);
});

async function expectNamed(sources: ReturnType<typeof sourceOf>, kind: string, words: RegExp): Promise<void> {
  const first = await readCounted(sources, {}, start + 70 * seconds);
  expect([first.counters, first.cursor]).toEqual([[], {}]);
  expect(first.irregularities).toEqual([{ kind, count: 1, example: expect.stringMatching(words) }]);
  const second = await readCounted(sources, first.cursor, start + 90 * seconds);
  expect(sumOf(second.counters).control).toEqual({ successes: 20, total: 40 });
  expect(second.irregularities).toEqual([]);
}

it('a server that fails between two questions leaves no half behind', async () => {
  const { url } = await troubled(atRest, status(500, ''));
  const sources = sourceOf(url, { success });
  expect((await readCounted(sources, {}, start + 70 * seconds)).cursor).toEqual({});
});

it('a server that nobody has started is named', async () => {
  const reading = await readCounted(sourceOf('http://127.0.0.1:1', { success }), {}, start + minutes);
  expect(describeTelemetry(reading)).toBe(
    'no telemetry; 1 unanswered (success: cannot be reached (ECONNREFUSED))',
  );
});

it.each([
  ['a token', { tokenEnv: 'SECRET' }, token, `Bearer ${token}`],
  [
    'a password',
    { basicAuthEnv: 'SECRET' },
    `ada:${token}`,
    `Basic ${Buffer.from(`ada:${token}`).toString('base64')}`,
  ],
])('%s is sent and not shown, whatever the server does with it', async (_, named, secret, header) => {
  const { url, asked } = await troubled(echoing);
  const sources = sourceOf(`${url}/prefix/`, { success }, named, { SECRET: `${secret}\n` });
  const reading = await readCounted(sources, {}, start + minutes);
  expect(asked).toEqual([{ path: '/prefix/api/v1/query', authorization: header }]);
  const shown = JSON.stringify(reading);
  expect(shown).toContain('[key]');
  for (const form of [token, header.split(' ')[1] ?? '', header.slice(-6)]) expect(shown).not.toContain(form);
});

it('a secret that is not set is an error before anything is asked', () => {
  const open = () => sourceOf('http://127.0.0.1:1', { success }, { tokenEnv: 'SECRET' });
  expect(open).toThrow('SECRET is not set');
});

it('records that are wrong are named, and the others count', async () => {
  const at = (index: number) => (start + index * 15 * seconds) / 1000;
  const values = [
    ...[
      [at(0), '0'],
      [at(1), '4'],
      [at(1), '5'],
      [at(2), '6'],
      [at(1), '3'],
    ],
    ...[[at(3), 7], ['now', '7'], [at(3)], 'x', null, [at(3), '-1'], [at(3), '1e400'], [at(3), '']],
    [at(4), '9'],
  ] as Pair[];
  const broken =
    (name: string): Answer =>
    (response) =>
      response.end(answered([matrix(name, values), matrix(name, []), { values }, { metric: { le: 1 } }]));
  const { url } = await troubled(broken('all_total'), broken('good_total'));
  const reading = await readCounted(sourceOf(url, { success }), {}, start + 2 * minutes);
  expect(sumOf(reading.counters).control).toEqual({ successes: 9, total: 9 });
  // Each twice, in both series.
  expect(counted(reading)).toEqual(['4 duplicate', '2 out of order', '20 malformed']);
});

it('native histograms are named', async () => {
  const { url } = await troubled(
    (response) => response.end(answered([])),
    (response) => response.end(answered([])),
    (response) => response.end(answered([matrix('duration', [])])),
  );
  const sources = sourceOf(url, { latency: { histogram: 'duration', atMost: 2 } });
  const reading = await readCounted(sources, {}, start + minutes);
  expect(counted(reading)).toEqual(['1 native histogram']);
});

it('samples of a time that was counted before are named as late, once', async () => {
  const late = pairs([0, 10, 20, 30, 40]);
  const readings: string[][] = [];
  let cursor: Cursor = {};
  const { url } = await troubled(
    ...[late.filter((_, index) => index !== 2), late, late].flatMap((values) => {
      const answer: Answer = (response, query) => {
        const until = values.filter(([at]) => Number(at) <= Number(query.get('time')));
        response.end(answered([matrix(query.get('query')?.split('{')[0] ?? '', until)]));
      };
      return [answer, answer];
    }),
  );
  const sources = sourceOf(url, { success });
  for (const at of [65, 80, 95]) {
    const reading = await readCounted(sources, cursor, start + at * seconds);
    readings.push(counted(reading));
    ({ cursor } = reading);
  }
  expect(readings).toEqual([[], ['2 late'], []]);
});

it('only the two versions of the prompt are asked for, whatever they are named', async () => {
  const queries: (string | null)[] = [];
  const note: Answer = (response, query) => {
    queries.push(query.get('query'));
    response.end(answered([]));
  };
  const { url } = await troubled(note, note);
  const selectors = { good: `all_total{outcome='o"k',}`, total: 'all_total' };
  await readCounted(sourceOf(url, { success: selectors }), {}, start + minutes, {
    ...{ prompt: 'a"b', stable: '1.0.0+x', canary: '1.1.0-rc.1', generation: 7, since: start },
  });
  const own = String.raw`prompt="a\"b",version=~"1\\.0\\.0\\+x|1\\.1\\.0-rc\\.1",feature_flag_version=~"|7"`;
  expect(queries).toEqual([`all_total{${own}}[330000ms]`, `all_total{outcome='o"k',${own}}[330000ms]`]);
});

it('a long way back is read in parts, and no look without samples moves on', async () => {
  const { url } = await troubled();
  const sources = sourceOf(url, { success });
  const compared = { ...comparison, since: start - 9 * 60 * minutes };
  const first = await readCounted(sources, {}, start + 90 * seconds, compared);
  expect([first.more, first.samples]).toEqual([true, 0]);
  const second = await readCounted(sources, first.cursor, start + 90 * seconds, compared);
  expect([second.more, second.window?.to]).toEqual([false, new Date(start + 60 * seconds).toISOString()]);
  expect(sumOf(second.counters).control).toEqual({ successes: 20, total: 40 });
  const third = await readCounted(sources, second.cursor, start + 105 * seconds, compared);
  expect(third.cursor).toEqual(second.cursor);
});

it('metrics are asked for at once, so that a server that is out keeps a look waiting once', async () => {
  const waiting: (() => void)[] = [];
  // The first questions of both metrics wait for one another.
  const together: Answer = (response) => {
    waiting.push(() => response.end(answered([])));
    if (waiting.length === 2) for (const answer of waiting) answer();
  };
  const { url } = await troubled(together, together);
  const sources = sourceOf(url, { success, latency: { histogram: 'duration', atMost: 1 } });
  expect(counted(await readCounted(sources, {}, start + minutes))).not.toContain('1 unanswered');
});
