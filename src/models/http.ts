import { setTimeout as delay } from 'node:timers/promises';
import { errorMessage, RequestFailure } from './request-failure.ts';
import { parseRetryAfter, type RetryTools } from './retry.ts';

/** An answer is text of some thousand tokens; more is a mistake or an attack on memory. */
const LARGEST_BODY_BYTES = 16 * 1024 * 1024;

/** Codes of Node and undici that mean nobody is there; any other network failure is a broken connection. */
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
 * One POST of JSON, and its whole body as text.
 *
 * Uses fetch's own agent: connections stay alive, and their number is not limited.
 * @param secret the key in the headers, taken out of any message
 * @throws {RequestFailure} for everything that is not a 2xx answer
 */
export async function post(
  url: string,
  request: {
    headers: Readonly<Record<string, string>>;
    body: string;
    secret: string | undefined;
    signal: AbortSignal;
  },
): Promise<string> {
  const { headers, body, secret, signal } = request;
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { method: 'POST', headers, body, signal });
    text = await readBody(response);
  } catch (error) {
    throw error instanceof RequestFailure ? error : networkFailure(error);
  }
  if (response.ok) return text;
  throw new RequestFailure('status', errorMessage(text, secret) || response.statusText, {
    status: response.status,
    retryAfterMs: parseRetryAfter(response.headers.get('retry-after'), Date.now()),
  });
}

async function readBody(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > LARGEST_BODY_BYTES) throw new RequestFailure('invalid', 'the answer is larger than 16 MiB');
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function networkFailure(error: unknown): RequestFailure {
  const code = errorCode(error);
  const reason =
    isForbiddenPort(error) || (code !== undefined && (UNREACHABLE.has(code) || CERTIFICATE.test(code)))
      ? 'unreachable'
      : 'connection';
  const what = reason === 'unreachable' ? 'cannot be reached' : 'the connection broke';
  return new RequestFailure(reason, code ? `${what} (${code})` : what, { cause: error });
}

/** The fetch standard refuses some ports of old protocols; Node says so in words only. */
function isForbiddenPort(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof Error && error.cause.message === 'bad port';
}

/** fetch hides the reason in `cause`; with several addresses to a name, in an AggregateError that carries the code. */
function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return errorCode(error.cause);
}
