import { describe, expect, it } from 'vitest';
import { describeError } from '../../src/errors.ts';
import { logsUrl, type SendTools, sendLogs } from '../../src/telemetry/otlp/send-logs.ts';
import { type Answer, startCollector } from './collector.ts';

/** Sends a request and gives the waits between its tries, and what went wrong. */
async function sent(address: string, tools: Partial<SendTools> = {}, headers: Record<string, string> = {}) {
  const waits: number[] = [];
  const given: SendTools = {
    sleep: async (milliseconds) => void waits.push(milliseconds),
    random: () => 1,
    timeout: 5_000,
    signal: new AbortController().signal,
    ...tools,
  };
  const problem = await sendLogs({ url: address, headers }, '{"resourceLogs":[]}', given).then(
    () => null,
    describeError,
  );
  return { waits, problem };
}

async function answered(...answers: readonly Answer[]) {
  const { address, received } = await startCollector(...answers);
  return { ...(await sent(address)), tries: received.length };
}

describe('an endpoint', () => {
  it.each([
    ['http://localhost:4318', 'http://localhost:4318/v1/logs'],
    ['http://localhost:4318/', 'http://localhost:4318/v1/logs'],
    ['https://otlp.example.com/otlp', 'https://otlp.example.com/otlp/v1/logs'],
    ['https://otlp.example.com/v1/logs/', 'https://otlp.example.com/v1/logs'],
  ])('%s takes logs at %s', (given, url) => {
    expect(logsUrl(given)).toBe(url);
  });

  it.each(['ftp://localhost', 'https://user:password@localhost', 'http://'])('%s is refused', (given) => {
    expect(() => logsUrl(given)).toThrow('without a name or password');
  });

  it('is sent JSON with the headers that were given', async () => {
    const { address, received } = await startCollector({});
    expect((await sent(address, {}, { 'api-key': 'secret' })).problem).toBeNull();
    expect(received).toMatchObject([
      {
        path: '/v1/logs',
        headers: { 'content-type': 'application/json', 'api-key': 'secret' },
        body: '{"resourceLogs":[]}',
      },
    ]);
  });

  it.each(['', 'ok', '{"partialSuccess":{}}', '{"partialSuccess":{"errorMessage":"be kind"}}'])(
    'took the event where it answers 200 with "%s"',
    async (body) => {
      expect(await answered({ body })).toEqual({ problem: null, waits: [], tries: 1 });
    },
  );

  it('that leaves the event out says why', async () => {
    const body = '{"partialSuccess":{"rejectedLogRecords":"1","errorMessage":"too\\u001b[31m old"}}';
    const { problem, tries } = await answered({ body });
    expect(problem).toMatch(/v1\/logs did not take the event: too \[31m old\. Look into the log/);
    expect(tries).toBe(1);
  });

  it.each([429, 502, 503, 504])('is tried again after %i, when it asks for it', async (status) => {
    const busy = { status, headers: { 'retry-after': '7' } };
    expect(await answered(busy, { status }, {})).toEqual({ problem: null, waits: [7000, 1000], tries: 3 });
  });

  it('is given up after four tries, or where it asks for too long a wait', async () => {
    const often = await answered({ status: 503 });
    expect(often).toMatchObject({ waits: [500, 1000, 2000], tries: 4 });
    expect(often.problem).toMatch(/HTTP 503: .*\(4 tries\)\. Run the same command again/);
    const long = await answered({ status: 429, headers: { 'retry-after': '3600' } });
    expect(long).toMatchObject({ waits: [], tries: 1 });
    expect(long.problem).toContain('asks to wait 3600 s');
  });

  it.each([
    [400, 'HTTP 400: no such field. Run the same command again'],
    [401, 'HTTP 401: no such field. Give the key it asks for as OTEL_EXPORTER_OTLP_HEADERS'],
    [404, 'HTTP 404: no such field. Name an endpoint that takes OTLP over HTTP as JSON'],
    [500, 'HTTP 500: no such field. Run the same command again'],
  ])('that answers %i is not asked twice', async (status, said) => {
    const { problem, tries } = await answered({ status, body: '{"code":3,"message":"no such field"}' });
    expect(problem?.replace(' (3)', '')).toContain(said);
    expect(tries).toBe(1);
  });

  it('cannot send the event elsewhere', async () => {
    const { received, address } = await startCollector({});
    const { problem } = await answered({ status: 307, headers: { location: `${address}/v1/logs` } });
    expect(problem).toContain('the address has moved');
    expect(received).toEqual([]);
  });

  it('that hangs is not waited for', async () => {
    const { address, received } = await startCollector({ hangs: true });
    const { problem } = await sent(address, { timeout: 50 });
    expect(problem).toMatch(/did not take the event: no answer within 0\.05 s \(4 tries\)/);
    expect(received).toHaveLength(4);
  });

  it('that nobody listens at is named', async () => {
    expect((await sent('http://127.0.0.1:1')).problem).toMatch(/cannot be reached .* often port 4318/);
  });

  it('that repeats a key is not quoted with it', async () => {
    const { address } = await startCollector({ status: 400, body: '{"message":"bad key secret-1"}' });
    const { problem } = await sent(address, {}, { authorization: 'secret-1' });
    expect(problem).toContain('bad key ***');
  });
});
