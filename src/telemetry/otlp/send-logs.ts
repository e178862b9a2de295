import { inputError, outsideError, type PromptlineError } from '../../errors.ts';
import { post, systemRetryTools } from '../../models/http.ts';
import { providerText, RequestFailure } from '../../models/request-failure.ts';
import type { RetryTools } from '../../models/retry.ts';
import { fieldsOf } from './json.ts';

export type LogsEndpoint = {
  /** Where OTLP over HTTP is taken; `/v1/logs` is added where it is missing. */
  readonly url: string;
  /** Sent with the request; what is in them is secret. */
  readonly headers: Readonly<Record<string, string>>;
};

export type SendTools = RetryTools & {
  /** Milliseconds that one try may take. */
  readonly timeout: number;
  readonly signal: AbortSignal;
};

const TRIES = 4;
const FIRST_WAIT_MS = 500;
/** Whoever waits for a command is told rather than kept. */
const LONGEST_WAIT_MS = 30_000;

/** As OTLP's specification lists them, https://opentelemetry.io/docs/specs/otlp/#failures-1. */
const RETRIED: ReadonlySet<number> = new Set([429, 502, 503, 504]);

export function sendToolsOf(signal: AbortSignal): SendTools {
  return { ...systemRetryTools, timeout: 10_000, signal };
}

/**
 * Sends log records to a collector. What may pass is tried again, after as long as the server asks for: at most four times, and for two
 * minutes or so in all.
 * @param request OTLP's JSON
 * @throws {PromptlineError} where it is not taken, in whole or in part
 */
export async function sendLogs(endpoint: LogsEndpoint, request: string, tools: SendTools): Promise<void> {
  const url = logsUrl(endpoint.url);
  for (let tries = 1; ; tries += 1) {
    try {
      return refuseRejected(url, await attempt(url, endpoint.headers, request, tools));
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      const wait = error.retryAfterMs ?? tools.random() * FIRST_WAIT_MS * 2 ** (tries - 1);
      const isOver = tries >= TRIES || wait > LONGEST_WAIT_MS || tools.signal.aborted;
      if (isOver || !isWorthRetrying(error)) throw sendingError(url, error, endpoint.headers, tries);
      await tools.sleep(wait, tools.signal);
    }
  }
}

/** @throws {PromptlineError} for what is no address */
export function logsUrl(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username + url.password !== '')
    throw inputError(
      'the endpoint must be an http or https address without a name or password',
      'Give it as http://127.0.0.1:4318, and keys as OTEL_EXPORTER_OTLP_HEADERS',
    );
  const before = url.pathname.replace(/\/+$/, '');
  url.pathname = before.endsWith('/v1/logs') ? before : `${before}/v1/logs`;
  return url.href;
}

async function attempt(
  url: string,
  headers: LogsEndpoint['headers'],
  body: string,
  { timeout, signal }: SendTools,
): Promise<string> {
  const late = AbortSignal.timeout(timeout);
  try {
    return await post(url, {
      headers: { ...headers, 'content-type': 'application/json' },
      body,
      secret: undefined,
      signal: AbortSignal.any([late, signal]),
    });
  } catch (error) {
    if (!late.aborted || signal.aborted) throw error;
    throw new RequestFailure('timeout', `no answer within ${timeout / 1000} s`, { cause: error });
  }
}

function isWorthRetrying({ reason, status }: RequestFailure): boolean {
  return status === undefined ? reason !== 'refused' && reason !== 'invalid' : RETRIED.has(status);
}

/** A server may take a request and leave out records of it. A body that says nothing is a yes. */
function refuseRejected(url: string, body: string): void {
  const partial = fieldsOf(fieldsOf(parsed(body))?.['partialSuccess']);
  // As OTLP's JSON writes numbers of 64 bits.
  if (!(Number(partial?.['rejectedLogRecords'] ?? 0) > 0)) return;
  const reason = providerText(String(partial?.['errorMessage'] ?? '')) || 'it does not say why';
  throw outsideError(`${url} did not take the event: ${reason}`, 'Look into the log of the server');
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function sendingError(
  url: string,
  { status, message, reason, retryAfterMs }: RequestFailure,
  headers: LogsEndpoint['headers'],
  tries: number,
): PromptlineError {
  const text = Object.values(headers)
    .filter((secret) => secret !== '')
    .reduce((shown, secret) => shown.replaceAll(secret, '***'), message);
  const what = status === undefined ? text : `HTTP ${status}${text === '' ? '' : `: ${text}`}`;
  const asked = retryAfterMs === undefined ? '' : `, and asks to wait ${Math.ceil(retryAfterMs / 1000)} s`;
  const times = tries > 1 ? ` (${tries} tries)` : '';
  const problem = `${url} did not take the event: ${what}${asked}${times}`;
  if (status === 401 || status === 403)
    return outsideError(problem, 'Give the key it asks for as OTEL_EXPORTER_OTLP_HEADERS');
  if (status === 404 || status === 405 || status === 415 || reason === 'refused' || reason === 'unreachable')
    return outsideError(problem, 'Name an endpoint that takes OTLP over HTTP as JSON: often port 4318');
  return outsideError(problem, 'Run the same command again: the event was not counted');
}
