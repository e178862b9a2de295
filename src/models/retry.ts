import { ModelError } from './model.ts';
import { RequestFailure } from './request-failure.ts';

export type RetryPolicy = {
  /** Attempts at most, 1 or more. */
  readonly tries: number;
  /** Of one attempt, milliseconds. */
  readonly timeoutMs: number;
  /** Who is asked, for messages: the model's id. */
  readonly model: string;
  /** The address, for messages. */
  readonly address: string;
  /** The environment variable that holds the key, for messages. */
  readonly apiKeyEnv?: string | undefined;
};

/** The clock and the dice, handed in so that tests need neither. */
export type RetryTools = {
  /** Resolves after `ms` milliseconds, or as soon as the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Uniform in [0, 1). */
  random(): number;
};

export const DEFAULT_TRIES = 4;
export const DEFAULT_TIMEOUT_MS = 120_000;

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 20_000;
/** A server that asks for more is asked again after this long: a run should not hang for an hour on one example. */
const LONGEST_RETRY_AFTER_MS = 60_000;
/** Nobody at the address is a mistake in the configuration more often than an outage: say so soon. */
const LONGEST_UNREACHABLE_MS = 9_000;

const RETRIED_STATUSES = new Set([408, 409, 425, 429, 500, 502, 503, 504, 529]);
const FATAL_STATUSES = new Set([401, 402, 403, 404]);
/** Some providers say with an ordinary status what no other request can escape either. */
const EXHAUSTED = /insufficient_quota|credit balance is too low/i;
const BAD_KEY = /API_KEY_INVALID|API key not valid/i;

/**
 * Repeats an attempt until it succeeds, cannot succeed, or `policy.tries` is reached. Waits grow
 * exponentially with full jitter (each uniform between 0 and a bound that doubles, as in M. Brooker,
 * "Exponential Backoff And Jitter", AWS Architecture Blog, 2015); `Retry-After` is honoured up to a minute.
 * @param attempt gets a signal that fires at the attempt's timeout or when the caller cancels
 * @throws {ModelError} what went wrong last, with the number of attempts; fatal as the contract says
 */
export async function withRetries<T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  policy: RetryPolicy,
  { sleep, random }: RetryTools,
  signal?: AbortSignal,
): Promise<{ value: T; attempts: number }> {
  let unreachableMs = 0;
  for (let attempts = 1; ; attempts += 1) {
    if (signal?.aborted) throw cancelled(signal, attempts - 1);
    try {
      return { value: await attemptOnce(attempt, policy.timeoutMs, signal), attempts };
    } catch (error) {
      if (signal?.aborted) throw cancelled(signal, attempts);
      if (!(error instanceof RequestFailure)) throw error;
      const wait = waitBefore(error, attempts, random());
      if (error.reason === 'unreachable') unreachableMs += wait;
      const givesUp = attempts >= policy.tries || unreachableMs > LONGEST_UNREACHABLE_MS;
      if (givesUp || !isWorthRetrying(error)) throw modelError(error, attempts, policy);
      await sleep(wait, signal);
    }
  }
}

/** `Retry-After` in milliseconds from now: seconds or an HTTP date (RFC 9110, 10.2.3); undefined when it is neither. */
export function parseRetryAfter(value: string | null, now: number): number | undefined {
  if (value === null || value.trim() === '') return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

async function attemptOnce<T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<T> {
  // One controller costs less than AbortSignal.any and leaves nothing behind on a signal that lives for the whole run.
  const controller = new AbortController();
  const cancel = () => controller.abort(signal?.reason);
  const timer = setTimeout(() => controller.abort(), timeoutMs);
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    return await attempt(controller.signal);
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    throw new RequestFailure('timeout', `no answer within ${timeoutMs / 1000} s`, { cause: error });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', cancel);
  }
}

/** Whether the same request may succeed later. */
export function isWorthRetrying(failure: RequestFailure): boolean {
  if (failure.reason === 'refused' || failure.reason === 'unsupported') return false;
  if (failure.status === undefined) return true;
  return RETRIED_STATUSES.has(failure.status) && !EXHAUSTED.test(failure.message);
}

function waitBefore(failure: RequestFailure, attempts: number, random: number): number {
  if (failure.retryAfterMs !== undefined) return Math.min(failure.retryAfterMs, LONGEST_RETRY_AFTER_MS);
  return random * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempts - 1));
}

function modelError(failure: RequestFailure, attempts: number, policy: RetryPolicy): ModelError {
  const times = attempts > 1 ? ` (${attempts} attempts)` : '';
  const status = failure.status === undefined ? '' : `HTTP ${failure.status}: `;
  const hint = hintFor(failure, policy);
  return new ModelError(`${policy.model}: ${status}${failure.message}${times}`, {
    fatal: isFatal(failure),
    attempts,
    ...(hint !== undefined && { hint }),
    cause: failure,
  });
}

function isFatal({ reason, status, message }: RequestFailure): boolean {
  if (reason === 'unreachable' || reason === 'unsupported') return true;
  if (status === undefined) return false;
  return FATAL_STATUSES.has(status) || EXHAUSTED.test(message) || BAD_KEY.test(message);
}

function hintFor({ reason, status, message }: RequestFailure, policy: RetryPolicy): string | undefined {
  if (reason === 'unreachable')
    return `Check that a server listens at ${policy.address} and that the address is right`;
  if (reason === 'timeout') return `Raise \`timeout\` of the provider when ${policy.address} needs longer`;
  if (reason === 'unsupported')
    return `Switch on usage reporting at ${policy.address}, or put a proxy that counts before it`;
  if (status === undefined) return undefined;
  if (status === 401 || status === 403 || BAD_KEY.test(message)) return keyHint(policy);
  if (status === 402 || EXHAUSTED.test(message))
    return `Add credit to the account at ${policy.address}; answers so far are kept`;
  if (status === 404) return `Check the model's name and the address ${policy.address}`;
  return undefined;
}

function keyHint({ apiKeyEnv, address }: RetryPolicy): string {
  if (apiKeyEnv === undefined)
    return `Name the variable that holds the key for ${address} as \`apiKeyEnv\` of the provider`;
  return `Check the key in ${apiKeyEnv} and what it may do at ${address}`;
}

function cancelled(signal: AbortSignal, attempts: number): ModelError {
  return new ModelError('The run was cancelled', {
    fatal: true,
    attempts,
    hint: 'Answers so far are kept; run the same command again to go on',
    cause: signal.reason,
  });
}
