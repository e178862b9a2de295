/**
 * `node bench/latency-server.ts MILLISECONDS`: answers every chat completion after a fixed time, with as little work of its own as
 * can be, so that a measurement shows its client. Prints `{"port": N}` and serves until killed.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const latencyMs = Number(process.argv[2]);
const answer = JSON.stringify({
  id: 'answer',
  object: 'chat.completion',
  created: 0,
  model: 'model',
  choices: [
    { index: 0, message: { role: 'assistant', content: 'sentence number 7' }, finish_reason: 'stop' },
  ],
  usage: { prompt_tokens: 20, completion_tokens: 4, total_tokens: 24 },
});
const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) };

const server = createServer((request, response) => {
  request.resume();
  setTimeout(() => response.writeHead(200, headers).end(answer), latencyMs);
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`);
});
