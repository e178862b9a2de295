import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { answerTo, type ChatMessage } from './answers.ts';
import { type ScriptInput, scriptSchema } from './script.ts';
import { type ProtocolServer, startProtocolServer } from './server.ts';

const servers: ProtocolServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(script: ScriptInput): Promise<ProtocolServer> {
  const server = await startProtocolServer(script);
  servers.push(server);
  return server;
}

function ask(
  server: { address: string },
  content: string,
  fields: Record<string, unknown> = {},
): Promise<Response> {
  const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content }], ...fields });
  return fetch(`${server.address}/v1/chat/completions`, { method: 'POST', body });
}

describe('the protocol server', () => {
  it.each([
    ['an unknown field', { temprature: 0 }],
    ['a wrong type', { max_tokens: '16' }],
    ['a value out of range', { top_p: 1.5 }],
    ['an unknown role', { messages: [{ role: 'human', content: 'a' }] }],
    ['no messages', { messages: [] }],
    ['streaming', { stream: true }],
  ])('answers 400 to %s', async (_, fields) => {
    const server = await start({});
    expect((await ask(server, 'hi', fields)).status).toBe(400);
    expect(server.stats()).toMatchObject({ requests: 0, rejected: 1 });
  });

  it('answers 400 to what is not JSON, and to Anthropic requests without a version', async () => {
    const server = await start({});
    const post = (where: string, body: string) => fetch(server.address + where, { method: 'POST', body });
    expect((await post('/v1/chat/completions', '{')).status).toBe(400);
    const sound = { model: 'm', max_tokens: 5, messages: [{ role: 'user', content: 'a' }] };
    expect((await post('/v1/messages', JSON.stringify(sound))).status).toBe(400);
  });

  it('counts requests by content', async () => {
    const server = await start({});
    for (const content of ['a', 'b', 'a', 'a']) await ask(server, content);
    const stats = await (await fetch(`${server.address}/stats`)).json();
    expect(stats).toMatchObject({ requests: 4, answered: 4, distinct: 2, mostFrequent: 3 });
  });

  it('fails a share of requests, the same ones in each run', async () => {
    const run = async () => {
      const server = await start({ failures: [{ kind: 'status', status: 500, rate: 0.3 }] });
      const contents = Array.from({ length: 100 }, (_, index) => String(index));
      return Promise.all(contents.map(async (content) => (await ask(server, content)).status));
    };
    const statuses = await run();
    const failed = statuses.filter((status) => status === 500).length;
    expect(failed).toBeGreaterThan(15);
    expect(failed).toBeLessThan(45);
    expect(await run()).toEqual(statuses);
  });

  it('fails by text', async () => {
    const server = await start({ failures: [{ kind: 'status', status: 402, contains: 'bad' }] });
    expect((await ask(server, 'a bad one')).status).toBe(402);
    expect((await ask(server, 'a good one')).status).toBe(200);
  });

  it('runs as a process that prints its port and takes a script', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'promptline-protocol-'));
    const script = path.join(folder, 'script.json');
    writeFileSync(script, JSON.stringify({ answers: { rule: 'labels', labels: { jazz: 'PlayMusic' } } }));
    const main = path.join(import.meta.dirname, 'main.ts');
    const child = spawn(process.execPath, [main, '--port', '0', '--latency', '1', '--script', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(child.stdout, 'data');
    const answer = await (await ask(JSON.parse(String(line)), 'play some jazz')).json();
    child.kill();
    const [code] = await once(child, 'exit');
    rmSync(folder, { recursive: true });
    expect(answer).toMatchObject({ choices: [{ message: { content: 'PlayMusic' } }] });
    expect(code).toBe(0);
  });
});

describe('the model whose skill grows with demonstrations', () => {
  const texts = Array.from({ length: 200 }, (_, index) => `text-${index}-`);
  const labels = Object.fromEntries(texts.map((text, index) => [text, ['A', 'B', 'C'][index % 3] ?? 'A']));
  const { answers } = scriptSchema.parse({ answers: { rule: 'skill', labels, start: 0.4, gain: 0.1 } });
  const demonstration = (text: string, label: string | undefined): ChatMessage[] => [
    { role: 'user', content: text },
    { role: 'assistant', content: label ?? '' },
  ];
  const isRight = (demonstrations: ChatMessage[], text: string) =>
    answerTo([...demonstrations, { role: 'user', content: `Query: ${text}` }], answers, 1) === labels[text];
  const accuracy = (demonstrations: ChatMessage[]) =>
    texts.filter((text) => isRight(demonstrations, text)).length / texts.length;

  it('is right as often as its start says without demonstrations, and nearly always with many', () => {
    expect(accuracy([])).toBeGreaterThan(0.3);
    expect(accuracy([])).toBeLessThan(0.5);
    const many = texts.slice(0, 24).flatMap((text) => demonstration(text, labels[text]));
    expect(accuracy(many)).toBeGreaterThan(0.9);
  });

  it('learns nothing from wrong demonstrations', () => {
    const wrong = texts.slice(0, 24).flatMap((text) => demonstration(text, labels[text] === 'A' ? 'B' : 'A'));
    expect(accuracy(wrong)).toBe(accuracy([]));
  });

  it('never gets an answer wrong because of one more right demonstration', () => {
    const anyText = fc.constantFrom(...texts);
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 6 }), anyText, anyText, (shown, added, asked) => {
        const before = shown.flatMap((text) => demonstration(text, labels[text]));
        const after = [...before, ...demonstration(added, labels[added])];
        expect(isRight(before, asked) && !isRight(after, asked)).toBe(false);
      }),
    );
  });
});
