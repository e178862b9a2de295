import { createHash } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { ZodError } from 'zod';
import { answerTo, type ChatMessage } from './answers.ts';
import {
  type Answer,
  anthropicMessages,
  type Conversation,
  chatCompletions,
  type Dialect,
} from './dialects.ts';
import { embeddings } from './embeddings.ts';
import { fail, failureOf, sendJson, spoil } from './failures.ts';
import { type Script, type ScriptInput, scriptSchema } from './script.ts';

type Stats = {
  /** Sound requests, those that failed by script included. */
  requests: number;
  answered: number;
  /** Requests with a field that is not documented, and the like. */
  rejected: number;
  /** Scripted failures by kind. */
  failures: Record<string, number>;
  /** Different conversations, and how often the most frequent one was asked. */
  distinct: number;
  mostFrequent: number;
  largestConcurrency: number;
};

type ReceivedRequest = { path: string; headers: IncomingHttpHeaders; body: Record<string, unknown> };

/** Times in milliseconds of `performance.now()` in the server's process. */
export type Delivery = { content: string; askedAt: number; at: number };

export type ProtocolServer = {
  /** `http://127.0.0.1:PORT`; `/v1` for Chat Completions, the bare address for Anthropic. */
  readonly address: string;
  readonly port: number;
  stats(): Stats;
  /** The last 100. */
  readonly received: readonly ReceivedRequest[];
  /** Every answer that left for a client that was still there, in order: what a provider would charge for. */
  readonly delivered: readonly Delivery[];
  close(): Promise<void>;
};

const DIALECTS: Readonly<Record<string, Dialect>> = {
  '/v1/chat/completions': chatCompletions,
  '/v1/messages': anthropicMessages,
  '/v1/embeddings': embeddings,
};

/**
 * A language model's server in name and protocol; its answers and failures follow a script. `GET /stats` counts.
 * @param answer in place of the script's answers
 */
export async function startProtocolServer(
  input: ScriptInput = {},
  port = 0,
  answer?: (messages: readonly ChatMessage[]) => string | Promise<string>,
): Promise<ProtocolServer> {
  const script = scriptSchema.parse(input);
  const counts = new Map<string, number>();
  const received: ReceivedRequest[] = [];
  const delivered: Delivery[] = [];
  const tally = { requests: 0, answered: 0, rejected: 0, mostFrequent: 0, largestConcurrency: 0 };
  const failures: Record<string, number> = {};
  let open = 0;
  const stats = (): Stats => ({
    ...tally,
    failures: { ...failures },
    distinct: counts.size,
  });

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? '/';
    if (request.method === 'GET' && path === '/stats') return sendJson(response, 200, stats());
    const dialect = request.method === 'POST' ? DIALECTS[path] : undefined;
    if (!dialect)
      return sendJson(response, 404, { error: { message: `no such path: ${request.method} ${path}` } });
    const body: unknown = await readJson(request);
    received.push({ path, headers: request.headers, body: body as Record<string, unknown> });
    if (received.length > 100) received.shift();
    const refusal = refuse(script, dialect, body, request.headers);
    if (refusal) {
      tally.rejected += 1;
      return sendJson(response, refusal.status, dialect.error(refusal.message, refusal.code));
    }
    const conversation = dialect.read(body, request.headers);
    const askedAt = performance.now();
    const content = createHash('sha256').update(JSON.stringify(body)).digest('hex');
    const nth = (counts.get(content) ?? 0) + 1;
    counts.set(content, nth);
    tally.mostFrequent = Math.max(tally.mostFrequent, nth);
    tally.requests += 1;
    if (script.latencyMs > 0) await delay(script.latencyMs);
    const failure = failureOf(script, conversation.messages.at(-1)?.content ?? '', content, nth);
    if (failure) failures[failure.kind] = (failures[failure.kind] ?? 0) + 1;
    if (failure && (await fail(failure, response, dialect))) return;
    tally.answered += 1;
    response.once('finish', () => delivered.push({ content, askedAt, at: performance.now() }));
    const { messages } = conversation;
    const text = answer ? await answer(messages) : answerTo(messages, script.answers, script.seed);
    sendJson(response, 200, spoil(dialect.answer(generate(text, conversation), conversation), failure));
  };

  const server = createServer((request, response) => {
    open += 1;
    tally.largestConcurrency = Math.max(tally.largestConcurrency, open);
    response.once('close', () => {
      open -= 1;
    });
    handle(request, response).catch((error) => {
      // What is not JSON, or a client that is gone already.
      if (!response.headersSent) sendJson(response, 400, { error: { message: String(error) } });
    });
  });
  // Longer than any pause of a busy machine: a connection that ends between two requests fails the second.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const actual = (server.address() as AddressInfo).port;
  return {
    address: `http://127.0.0.1:${actual}`,
    port: actual,
    stats,
    received,
    delivered,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

type Refusal = { status: number; message: string; code: string };

function refuse(
  script: Script,
  dialect: Dialect,
  body: unknown,
  headers: IncomingHttpHeaders,
): Refusal | undefined {
  if (script.apiKey !== undefined && dialect.key(headers) !== script.apiKey) {
    return {
      status: 401,
      message: `Incorrect API key provided: ${dialect.key(headers)}`,
      code: 'invalid_api_key',
    };
  }
  try {
    const { model } = dialect.read(body, headers);
    if (script.models === undefined || script.models.includes(model)) return undefined;
    return { status: 404, message: `The model ${model} does not exist`, code: 'model_not_found' };
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    return {
      status: 400,
      message: error.issues.map(describeIssue).join('; '),
      code: 'invalid_request_error',
    };
  }
}

function describeIssue({ path, message }: ZodError['issues'][number]): string {
  return `${path.join('.')}: ${message}`;
}

/** A token is four characters here. */
function generate(whole: string, { messages, maxTokens, stop }: Conversation): Answer {
  const ends = stop.map((text) => whole.indexOf(text)).filter((at) => at >= 0);
  const stopped = whole.slice(0, Math.min(whole.length, ...ends));
  const text = stopped.slice(0, maxTokens * 4);
  return {
    text,
    finish: text.length < stopped.length ? 'length' : 'stop',
    inputTokens: tokens(messages.map(({ content }) => content).join('')),
    outputTokens: tokens(text),
  };
}

function tokens(text: string): number {
  return Math.ceil(text.length / 4);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}
