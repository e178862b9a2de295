import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { outsideError } from '../errors.ts';
import { LONGEST_TIMER } from './poll.ts';

export type ReadOptions = {
  readonly headers: Readonly<Record<string, string>>;
  /** What the server called the body that is already here. */
  readonly etag: string | null;
  readonly timeoutMs: number;
  /** Ends the request early. */
  readonly signal: AbortSignal;
};

/** Times that an answer may send elsewhere; browsers take twice as many. */
const MOST_REDIRECTS = 10;

const redirectStatuses = [301, 302, 303, 307, 308];

/**
 * The text at an address (http, https, file); null where the server says that it is still the one of `etag`.
 * @throws {PromptlineError} for an outage, a refusal, and an answer that takes too long
 */
export async function readAddress(
  address: URL,
  { headers, etag, timeoutMs, signal }: ReadOptions,
): Promise<{ readonly text: string; readonly etag: string | null } | null> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(Math.min(timeoutMs, LONGEST_TIMER))]);
  try {
    if (address.protocol === 'file:')
      return {
        text: await readFile(fileURLToPath(address), { encoding: 'utf8', signal: limit }),
        etag: null,
      };
    const response = await fetchFrom(address, { headers, etag, signal: limit });
    if (response.status === 304) return null;
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`the server answered with status ${response.status}`);
    }
    return { text: await response.text(), etag: response.headers.get('etag') };
  } catch (cause) {
    throw outsideError(
      `cannot read ${shownAddress(address)}: ${reasonOf(cause, timeoutMs)}`,
      'Prompts that were served before still are',
      cause,
    );
  }
}

/** Follows redirects by itself: `fetch` keeps only the usual headers from another origin, and a token may be in any. */
async function fetchFrom(
  address: URL,
  { headers, etag, signal }: Omit<ReadOptions, 'timeoutMs'>,
): Promise<Response> {
  const condition = etag === null ? {} : { 'if-none-match': etag };
  let [place, own] = [address, headers];
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    if (place.username !== '' || place.password !== '')
      throw new Error('a user and a password belong into `headers`, not into an address');
    const response = await fetch(place, { headers: { ...own, ...condition }, redirect: 'manual', signal });
    const location = response.headers.get('location');
    if (location === null || !redirectStatuses.includes(response.status)) return response;
    await response.body?.cancel();
    place = new URL(location, place);
    if (!['http:', 'https:'].includes(place.protocol))
      throw new Error(`it is redirected to ${place.protocol}`);
    if (place.origin !== address.origin) own = {};
  }
  throw new Error(`it is redirected more than ${MOST_REDIRECTS} times`);
}

/** An address without what may be secret in it. */
export function shownAddress(address: URL): string {
  return address.protocol === 'file:' ? fileURLToPath(address) : `${address.origin}${address.pathname}`;
}

/** `fetch failed` hides its cause. */
function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no whole answer in ${timeoutMs / 1000} s`;
  return error.cause instanceof Error ? reasonOf(error.cause, timeoutMs) : error.message;
}
