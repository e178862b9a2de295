import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { carryOut, type Outside } from '../../src/commands/rollouts/carry-out.ts';
import { noPublisher } from '../../src/commands/rollouts/publisher.ts';
import { loadRollouts, type Rollouts } from '../../src/commands/rollouts/state-files.ts';
import { actingDesk, type Desk } from '../../src/commands/watch/desk.ts';
import { createWatcher, type WatchSettings } from '../../src/commands/watch/look.ts';
import { type Clock, runWatch, type WatchOptions } from '../../src/commands/watch/watch.ts';
import type { ReleaseHost } from '../../src/host/release-host.ts';
import type { RepositoryHost } from '../../src/host/repository-host.ts';
import type { StateBranch } from '../../src/host/state-branch.ts';
import { assign } from '../../src/rollout/assign.ts';
import { parseManifest } from '../../src/rollout/manifest.ts';
import type { RolloutState } from '../../src/rollout/state.ts';
import { createRandom, type Random } from '../../src/statistics/random.ts';
import { openOtlpFiles } from '../../src/telemetry/otlp/files.ts';
import { remoteRepository, stateBranch } from '../host/remote-repository.ts';
import { planWith, play, prompt, released } from '../rollout/fixtures.ts';
import { callLine, start } from '../telemetry/otlp-lines.ts';

export const seconds = 1000;
export const minutes = 60 * seconds;

/** The default plan with one metric: 1 h at 10 %. */
const plan = planWith();

/** A repository in which 1.1.0 goes to 10 % of users and 1.0.0 to the others, with real Git and a folder of telemetry. */
export async function rolledOut() {
  const repository = remoteRepository();
  const folder = repository.clone();
  const telemetry = path.join(folder, 'telemetry');
  mkdirSync(telemetry);
  const begun = play([released('1.0.0'), released('1.1.0')], plan).state;
  const branch = await stateBranch(folder);
  const outside = outsideOf(branch);
  await carryOut(outside, await loadRollouts(branch), [
    { state: begun, effects: [{ do: 'state', state: begun }], refused: null },
  ]);
  return {
    ...repository,
    folder,
    telemetry,
    branch,
    outside,
    write: (line: string, file = 'data.json') => appendFileSync(path.join(telemetry, file), line),
    /** As somebody else reads it. */
    state: async () => stateIn(await loadRollouts(await stateBranch(folder))),
    manifest: () => parseManifest(repository.show('flags.json'), 'flags.json'),
  };
}

export type RolledOut = Awaited<ReturnType<typeof rolledOut>>;

export function stateIn({ states }: Rollouts): RolloutState {
  const state = states.get(prompt);
  if (!state) throw new Error(`there is no state of ${prompt}`);
  return state;
}

/** Where everything but the state branch is made up: releases are published, and records are counted. */
export function outsideOf(branch: StateBranch, recorded: string[] = []): Outside {
  const host = new Proxy<RepositoryHost & ReleaseHost>(Object.create(null), {
    get: (_, name) => async (first: unknown) => {
      if (name === 'publishedRelease') return { tag: first, url: 'https://example.org' };
      if (name === 'tagsBeginning') return new Map([[first, 'a'.repeat(40)]]);
      if (name === 'openIssue') recorded.push('issue');
      if (name === 'publishRelease') recorded.push('tag');
      if (name === 'pullRequestsOf') return [];
      if (name === 'defaultBranch') return { name: 'main', commit: 'b'.repeat(40) };
      return null;
    },
  });
  return {
    branch,
    publisher: noPublisher,
    host,
    plan,
    folder: '',
    defaultModel: 'local/echo',
    alert: async (_, { what }) => void recorded.push(`alert ${what}`),
  };
}

/** Time that passes only while somebody sleeps; meanwhile `happens` is called once a second. */
export function simulatedClock({
  until,
  happens = () => {},
}: {
  readonly until: number;
  readonly happens?: (at: number) => void | Promise<void>;
}): Clock & { passed(): number } {
  let at = 0;
  return {
    passed: () => at,
    now: () => start + at,
    isOver: () => at >= until,
    async sleep(milliseconds) {
      for (const end = at + milliseconds; at < end && at < until; ) {
        at += seconds;
        await happens(at);
      }
    },
  };
}

/** Watches with real Git and files. */
export async function watch(
  { folder, branch, outside }: Pick<RolledOut, 'folder' | 'branch' | 'outside'>,
  clock: Clock,
  more: Partial<WatchOptions & WatchSettings> & { desk?: Desk; notes?: string[] } = {},
) {
  const desk = more.desk ?? actingDesk({ ...outside, branch });
  const watcher = createWatcher({
    desk,
    sources: [openOtlpFiles(folder, 'telemetry')],
    plan: outside.plan,
    window: 15 * minutes,
    priceOf: null,
    writeEvery: 5 * minutes,
    prompts: [],
    anyGeneration: false,
    promote: true,
    ...more,
  });
  return runWatch(watcher, desk, {
    once: false,
    follow: false,
    interval: 15 * seconds,
    clock,
    note: (line) => more.notes?.push(line),
    onLook: () => {},
    ...more,
  });
}

/** Users who come by, are assigned by what is served, and leave telemetry. */
export function production(
  rollout: RolledOut,
  {
    usersPerMinute,
    success,
    seed = 'production',
  }: { usersPerMinute: number; success: Readonly<Record<string, number>>; seed?: string },
) {
  const random: Random = createRandom(seed);
  let manifest = rollout.manifest();
  let [generation, owed] = [2, 0];
  return {
    /** Another manifest is picked up. */
    pickUp() {
      manifest = rollout.manifest();
      generation = manifest.flags[`prompt.${prompt}`]?.metadata.generation ?? 0;
    },
    /** A second of traffic, exported at its end. */
    second(at: number) {
      owed += usersPerMinute / 60;
      const lines: string[] = [];
      for (; owed >= 1; owed -= 1) {
        const user = `user ${random.next()}`;
        const { version } = assign(manifest, prompt, user).variant;
        const failed = random.next() >= (success[version] ?? 1);
        lines.push(callLine({ at: at - random.next() * seconds, user, version, failed, generation }));
      }
      rollout.write(lines.join(''));
    },
  };
}
