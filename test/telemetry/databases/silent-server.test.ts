import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openPostgres } from '../../../src/telemetry/postgres/read-postgres.ts';
import { eventually } from '../../runtime/opened.ts';
import { collect } from './collected.ts';

/** Something that listens and gives these answers, one for each message, and then none. */
async function startSilent(...answers: readonly Buffer[]) {
  const open = new Set<Socket>();
  let messages = 0;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const left = [...answers];
    open.add(socket);
    for (const left of ['end', 'close']) socket.on(left, () => open.delete(socket));
    socket.on('error', () => {});
    socket.on('data', () => {
      messages += 1;
      const answer = left.shift();
      if (answer) socket.write(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `postgres://a:secret@127.0.0.1:${port}/a`, open, messages: () => messages };
}

/** A message of Postgres' protocol: its letter, its length, its content. */
function message(letter: string, ...content: readonly (number | string)[]): Buffer {
  const bytes = Buffer.concat(
    [letter, '\0\0\0\0', ...content].map((part) => Buffer.from(typeof part === 'string' ? part : [part])),
  );
  bytes.writeUInt32BE(bytes.length - 1, 1);
  return bytes;
}

const welcome = Buffer.concat([message('R', 0, 0, 0, 0), message('Z', 0x49)]);

const refusal = Buffer.concat([message('E', 'SERROR\0C42501\0Mnot for you\0\0'), message('Z', 'I')]);

it.each([
  ['when it is greeted', [], 1, 10_000, 'timeout expired'],
  [
    'of Postgres when it is greeted',
    [Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    1,
    10_000,
    'timeout expired',
  ],
  ['more after it refused', [welcome, refusal], 2, 2_000, 'not for you'],
  ['when it is asked', [welcome], 2, 70_000, 'Query read timeout'],
])(
  'a server that says nothing %s is left, and its connection closed',
  async (_, answers, asked, wait, said) => {
    const { url, open, messages } = await startSilent(...answers);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const reading = collect(openPostgres({ urlEnv: 'DATABASE_URL', url, table: 'events' }));
    while (messages() < asked) await new Promise(setImmediate);
    await vi.advanceTimersByTimeAsync(wait);
    expect((await reading).irregular).toEqual([`1 unreadable source: events of DATABASE_URL: ${said}`]);
    vi.useRealTimers();
    await eventually(() => expect(open.size).toBe(0));
  },
);
