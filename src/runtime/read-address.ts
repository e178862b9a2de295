import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { outsideError } from '../errors.ts';

export type ReadOptions = {
  readonly headers: Readonly<Record<string, string>>;
  /** What the server called the body that is already here. */
  readonly etag: string | null;
  readonly timeoutMs: number;
  /** Ends the request early. */
  readonly signal: AbortSignal;
};

/**
 * The text at an address (http, https, file); null where the server says that it is still the one of `etag`.
 * @throws {PromptlineError} for an outage, a refusal, and an answer that takes too long
 */
export async function readAddress(
  address: URL,
  { headers, etag, timeoutMs, signal }: ReadOptions,
): Promise<{ readonly text: string; readonly etag: string | null } | null> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    if (address.protocol === 'file:')
      return {
        text: await readFile(fileURLToPath(address), { encoding: 'utf8', signal: limit }),
        etag: null,
      };
    const response = await fetch(address, {
      headers: { ...headers, ...(etag !== null && { 'if-none-match': etag }) },
      signal: limit,
    });
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
