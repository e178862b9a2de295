import { getOctokit } from '@actions/github';
import { defaults } from '@actions/github/lib/utils';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';

export type GitHubClient = ReturnType<typeof connect>;

/** Milliseconds until a request that gets no answer is given up. */
const ANSWER_WITHIN = 60_000;
/** A limit that ends later than this fails the run instead: the job's minutes cost more than its repetition. Seconds. */
const LONGEST_WAIT = 15 * 60;
/** How often a request is sent again after a rate limit. */
const LIMIT_RETRIES = 5;

/**
 * A client with Octokit's own plugins: requests that failed are sent again, writes keep GitHub's distance, and a rate limit is waited
 * out. Proxies are taken from the environment, as Actions sets them.
 *
 * @param apiUrl `https://api.github.com`, or that of a GitHub Enterprise server
 * @param note gets a line when something is waited for
 */
export function connect(token: string, apiUrl: string, note: (line: string) => void) {
  const waits = (what: string) => (seconds: number, _: object, __: unknown, count: number) => {
    if (seconds > LONGEST_WAIT || count >= LIMIT_RETRIES) return false;
    note(`GitHub's ${what} is reached; waiting ${seconds} s`);
    return true;
  };
  return getOctokit(
    token,
    {
      baseUrl: apiUrl,
      log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
      request: { ...defaults.request, fetch: withTimeout(defaults.request?.['fetch'] ?? fetch) },
      throttle: { onRateLimit: waits('rate limit'), onSecondaryRateLimit: waits('secondary rate limit') },
    },
    retry,
    throttling,
  );
}

function ignore(): void {}

function withTimeout(send: typeof fetch): typeof fetch {
  return (input, init) => {
    const timeout = AbortSignal.timeout(ANSWER_WITHIN);
    const signal = init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
    return send(input, { ...init, signal });
  };
}
