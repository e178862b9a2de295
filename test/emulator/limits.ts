import { RateExceeded } from './failures.ts';
import type { Schemas } from './state.ts';
import type { Token } from './tokens.ts';

/** Requests an hour without a token. */
const ANONYMOUS_LIMIT = 60;
const HOUR_SECONDS = 60 * 60;

/** @returns times in seconds since 1970 */
export function rateView(token: Token | undefined): Schemas['rate-limit'] {
  const limit = token?.limit ?? ANONYMOUS_LIMIT;
  const used = Math.min(token?.used ?? 0, limit);
  return { limit, used, remaining: limit - used, reset: token?.resetAt ?? nextReset() };
}

export function nextReset(): number {
  return Math.floor(Date.now() / 1000) + HOUR_SECONDS;
}

export function rateHeaders(token: Token | undefined, resource: 'core' | 'graphql'): Record<string, string> {
  const { limit, used, remaining, reset } = rateView(token);
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-used': String(used),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(reset),
    'x-ratelimit-resource': resource,
  };
}

/** Counts a request. @throws {ApiFailure} 403 when the hour's are used up */
export function countRequest(token: Token | undefined): void {
  if (!token) return;
  if (token.resetAt <= Date.now() / 1000) Object.assign(token, { used: 0, resetAt: nextReset() });
  if (token.used >= token.limit) throw new RateExceeded(token.account.login);
  token.used += 1;
}
