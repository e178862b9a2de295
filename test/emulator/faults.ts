import { setTimeout as delay } from 'node:timers/promises';
import { ApiFailure, RateExceeded } from './failures.ts';

export type Fault =
  /** An error of GitHub's. With `effect`, what was asked has happened all the same, as behind a gateway's time-out. */
  | { kind: 'status'; status: number; message?: string; headers?: Record<string, string>; effect?: boolean }
  /** "You have exceeded a secondary rate limit", with `retry-after` in seconds. */
  | { kind: 'secondary-rate-limit'; status?: 403 | 429; retryAfter?: number }
  /** No requests are left until this many seconds from now. */
  | { kind: 'primary-rate-limit'; resetIn: number }
  | { kind: 'slow'; milliseconds: number }
  /**
   * The connection ends before an answer; with `effect`, after what was asked has happened. `meanwhile` is awaited first: what else happens
   * at that moment, as the death of the client.
   */
  | { kind: 'cut'; effect?: boolean; meanwhile?(): Promise<void> };

export type Injection = {
  /**
   * An operation's published id (`issues/create-comment`), `graphql:` and a field (`graphql:createCommitOnBranch`), a service of
   * Git (`git-receive-pack`, `git-upload-pack`), or a pattern of `METHOD /path`.
   */
  on: string | RegExp;
  fault: Fault;
  /** How many requests fail; 1 by default. */
  times?: number;
  /** How many are let through first. */
  skip?: number;
};

/** What a request is matched by. */
export type Target = { names: readonly string[]; line: string };

/** Failures that tests order. */
export class Faults {
  readonly #injections: { on: string | RegExp; fault: Fault; times: number; skip: number }[] = [];

  inject({ on, fault, times = 1, skip = 0 }: Injection): void {
    this.#injections.push({ on, fault, times, skip });
  }

  /** Takes the fault of a request, if one is due. */
  take({ names, line }: Target): Fault | undefined {
    for (const injection of this.#injections) {
      const { on } = injection;
      if (!(typeof on === 'string' ? names.includes(on) : on.test(line)) || injection.times === 0) continue;
      if (injection.skip > 0) {
        injection.skip -= 1;
        continue;
      }
      injection.times -= 1;
      return injection.fault;
    }
    return undefined;
  }
}

/** Thrown where a connection is to end without an answer. */
export class CutConnection extends Error {}

/** Fails as ordered, unless the failure comes after the effect. */
export async function failBefore(fault: Fault | undefined): Promise<void> {
  if (fault?.kind === 'slow') await delay(fault.milliseconds);
  if (fault && !hasEffect(fault)) await raise(fault);
}

/** Fails as ordered, when what was asked has happened. */
export async function failAfter(fault: Fault | undefined): Promise<void> {
  if (fault && hasEffect(fault)) await raise(fault);
}

function hasEffect(fault: Fault): boolean {
  return 'effect' in fault && fault.effect === true;
}

async function raise(fault: Fault): Promise<void> {
  switch (fault.kind) {
    case 'slow':
      return;
    case 'cut':
      await fault.meanwhile?.();
      throw new CutConnection();
    case 'status':
      throw new ApiFailure(fault.status, fault.message ?? 'Injected failure', {}, fault.headers);
    case 'secondary-rate-limit':
      throw new ApiFailure(
        fault.status ?? 403,
        'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
        {},
        { 'retry-after': String(fault.retryAfter ?? 60) },
      );
    case 'primary-rate-limit':
      throw new RateExceeded('this account', {
        'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + fault.resetIn),
      });
  }
}
