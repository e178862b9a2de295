import { onTestFinished, vi } from 'vitest';
import { openPrompts } from '../../src/runtime/open-prompts.ts';
import type { Prompts } from '../../src/runtime/types.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { prompt } from '../rollout/fixtures.ts';
import { exportingTo } from '../runtime/exported.ts';
import { start } from '../telemetry/otlp-lines.ts';
import { minutes, seconds } from './rolled-out.ts';

/** Servers of the application: each asks for the manifest by itself, and users fall to any of them. */
const SERVERS = 3;

/**
 * Time of production: it goes on by itself as a real clock does, and as fast as the machine can where it is passed. All timers and
 * clocks of the test's process go by it.
 */
export function productionTime() {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'],
    now: start,
    shouldAdvanceTime: true,
  });
  onTestFinished(() => void vi.useRealTimers());
  return {
    async pass(milliseconds: number): Promise<void> {
      for (const end = Date.now() + milliseconds; Date.now() < end; ) {
        await vi.advanceTimersByTimeAsync(Math.min(end - Date.now(), seconds));
        // Lets the network bring what the runtime asked for.
        await new Promise(setImmediate);
      }
    },
  };
}

/**
 * An application whose users come at random, each once. Its servers have their prompts by the runtime, at its usual polling, and export
 * what it records through OpenTelemetry.
 */
export async function startApplication({
  manifest,
  telemetry,
  usersPerMinute,
  success,
  seed,
}: {
  readonly manifest: string;
  /** The file that telemetry is written to. */
  readonly telemetry: string;
  readonly usersPerMinute: number;
  /** Share of calls without an error, by version. */
  readonly success: Readonly<Record<string, number>>;
  readonly seed: string;
}) {
  const exporting = exportingTo(telemetry);
  const servers: Prompts[] = [];
  for (let opened = 0; opened < SERVERS; opened++) servers.push(await openPrompts({ manifest }));
  const random = createRandom(seed);
  const served = new Map<string, { readonly first: number; readonly last: number }>();
  let isOpen = true;
  onTestFinished(close);
  arrive();

  function arrive(): void {
    if (!isOpen) return;
    const user = { id: `user ${random.next()}`, fate: random.next(), patience: random.next() };
    const server = random.pick(servers);
    void ask(server, user);
    setTimeout(arrive, (-Math.log(1 - random.next()) * minutes) / usersPerMinute);
  }

  async function ask(server: Prompts, user: { id: string; fate: number; patience: number }): Promise<void> {
    const given = server.for(prompt, { user: user.id, variables: { query: 'play some jazz' } });
    const { version } = given;
    const at = Date.now();
    served.set(version, { first: served.get(version)?.first ?? at, last: at });
    const answer = async () => {
      await new Promise((done) => setTimeout(done, 400 + 1600 * user.patience ** 2));
      if (user.fate >= (success[version] ?? 1)) throw new RangeError('no answer');
    };
    await given.record(answer).catch(() => {});
  }

  function close(): void {
    isOpen = false;
    for (const server of servers) server.close();
    exporting.end();
  }

  return {
    close,
    /** When a version was given to a user first and last, milliseconds since 1970. */
    served: (version: string) => served.get(version),
  };
}
