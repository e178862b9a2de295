import {
  type IncomingMessage,
  Agent as PlainAgent,
  type RequestOptions,
  request as requestPlainly,
} from 'node:http';
import { request as requestSecurely, Agent as SecureAgent } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { errorMessage, providerText, RequestFailure } from './request-failure.ts';
import { parseRetryAfter, type RetryTools } from './retry.ts';

/** An answer is text of some thousand tokens; more is a mistake or an attack on memory. */
const LARGEST_BODY = 16 * 1024 * 1024;

const connections = { keepAlive: true, proxyEnv: process.env };
const plainAgent = new PlainAgent(connections);
const secureAgent = new SecureAgent(connections);

/** Codes of Node that mean nobody is there; any other network failure is a broken connection. */
const UNREACHABLE = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
/** A certificate that is not trusted stays so. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/;

/** Waiting and randomness of the real world, for `withRetries`. */
export const systemRetryTools: RetryTools = {
  async sleep(ms, signal) {
    await delay(ms, undefined, { signal }).catch(() => undefined);
  },
  random: Math.random,
};

/**
 * One POST, and the whole body of its answer as text.
 *
 * Node's own client and not fetch: at a thousand requests through twenty connections it takes half of fetch's processor time
 * and two thirds of its memory. Connections stay alive, their number is not limited; proxies are those of the environment
 * (HTTPS_PROXY, HTTP_PROXY, NO_PROXY). Redirects are not followed: a key must not travel to an address nobody configured.
 * @param secret the key in the headers, in each of its forms, taken out of any message
 * @throws {RequestFailure} for everything that is not a 2xx answer
 */
export async function post(
  url: string,
  request: {
    headers: Readonly<Record<string, string>>;
    body: string;
    secret: string | readonly string[] | undefined;
    signal: AbortSignal;
  },
): Promise<string> {
  let response: IncomingMessage;
  let text: string;
  try {
    response = await send(url, request);
    text = await readBody(response);
  } catch (error) {
    throw error instanceof RequestFailure ? error : networkFailure(error);
  }
  const { statusCode = 0, statusMessage = '', headers } = response;
  if (statusCode >= 200 && statusCode < 300) return text;
  if (statusCode >= 300 && statusCode < 400) throw movedFailure(statusCode, headers.location, request.secret);
  const said = errorMessage(text, request.secret) || providerText(statusMessage, request.secret);
  throw new RequestFailure('status', said, {
    status: statusCode,
    retryAfterMs: parseRetryAfter(headers['retry-after'] ?? null, Date.now()),
  });
}

function send(
  url: string,
  { headers, body, signal }: Pick<Parameters<typeof post>[1], 'headers' | 'body' | 'signal'>,
): Promise<IncomingMessage> {
  const secure = url.startsWith('https:');
  const options: RequestOptions = {
    method: 'POST',
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    agent: secure ? secureAgent : plainAgent,
  };
  return new Promise((resolve, reject) => {
    const outgoing = (secure ? requestSecurely : requestPlainly)(url, options, resolve);
    // Node's own `signal` option adds and removes six listeners for each request.
    const cancel = () => outgoing.destroy(new Error('cancelled'));
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    outgoing.on('close', () => signal.removeEventListener('abort', cancel));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function readBody(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) {
    text += String(chunk);
    if (text.length > LARGEST_BODY) throw new RequestFailure('invalid', 'the answer is larger than 16 MiB');
  }
  return text;
}

function movedFailure(
  status: number,
  location: string | undefined,
  secret: Parameters<typeof post>[1]['secret'],
): RequestFailure {
  const where = location === undefined ? '' : ` to ${providerText(location, secret)}`;
  return new RequestFailure('refused', `the address has moved${where}: HTTP ${status}`);
}

function networkFailure(error: unknown): RequestFailure {
  const code = errorCode(error);
  const reason =
    code !== undefined && (UNREACHABLE.has(code) || CERTIFICATE.test(code)) ? 'unreachable' : 'connection';
  const what = reason === 'unreachable' ? 'cannot be reached' : 'the connection broke';
  return new RequestFailure(reason, code ? `${what} (${code})` : what, { cause: error });
}

/** With several addresses to a name, the failure is an AggregateError that carries the code. */
function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return errorCode(error.cause);
}
