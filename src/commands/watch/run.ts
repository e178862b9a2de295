import { millisecondsOf } from '../../config/duration.ts';
import { inputError } from '../../errors.ts';
import { terminalText } from '../../reports/hostile.ts';
import { describeRollout, describeTelemetry } from '../../reports/rollout/progress.ts';
import { planOf } from '../../rollout/plan.ts';
import { boundHeap } from '../../telemetry/bounded-heap.ts';
import type { CounterSource } from '../../telemetry/counter-source.ts';
import { openOtlpFiles } from '../../telemetry/otlp/files.ts';
import type { TelemetrySource } from '../../telemetry/source.ts';
import type { Host } from '../context.ts';
import { watchedPrices } from '../prices.ts';
import { rolloutConfigurationOf, withStateBranch } from '../rollouts/open.ts';
import { openOutside } from '../rollouts/outside.ts';
import { loadRollouts, type Rollouts } from '../rollouts/state-files.ts';
import { counterSourcesOf, sourcesOf } from '../telemetry-sources.ts';
import { selectPromptFiles, type Workspace } from '../workspace.ts';
import { openClock } from './clock.ts';
import { actingDesk, type Desk, dryDesk, memoryDesk } from './desk.ts';
import { createWatcher, type Looked, underWayIn } from './look.ts';
import { openRecording, type Replayed, replayedState } from './replay.ts';
import { type Clock, runWatch, type WatchResult } from './watch.ts';

export type WatchRequest = {
  /** Prompts; empty: all that are rolled out. */
  readonly ids: readonly string[];
  readonly once: boolean;
  readonly follow: boolean;
  readonly dryRun: boolean;
  /** Whether steps that are due are taken. */
  readonly promote: boolean;
  /** Between looks, milliseconds. */
  readonly interval: number;
  /** Milliseconds; null: no limit. */
  readonly limit: number | null;
};

/** Milliseconds after which evidence that decided nothing is written. */
const WRITE_EVERY = 5 * 60_000;

/** Milliseconds after which a live rollout of which nothing is new is mentioned again. */
const MENTION_EVERY = 60_000;

/** Watches live telemetry as the configuration names it. */
export function watchLive(host: Host, workspace: Workspace, request: WatchRequest): Promise<WatchResult> {
  if (workspace.configuration.telemetry.sources.length === 0)
    throw inputError(
      'there is no telemetry to watch',
      'Name a source as `telemetry: { sources: [{ type: otlp-file, path: ... }] }`',
      { file: 'promptline.yaml' },
    );
  const sources = sourcesOf(workspace, host.environment);
  const counterSources = counterSourcesOf(workspace, host, planOf(rolloutConfigurationOf(workspace)));
  return withStateBranch(host, workspace, async (branch) => {
    requireKnown(workspace, request.ids, await loadRollouts(branch));
    const desk = request.dryRun ? dryDesk(branch) : actingDesk(await openOutside(host, workspace, branch));
    const clock = openClock(host.terminal.now, host.signal, request.limit);
    return watchWith(host, workspace, {
      ...request,
      ...{ desk, sources, counterSources, clock },
      anyGeneration: false,
      mentionEvery: MENTION_EVERY,
    });
  });
}

/** @throws {PromptlineError} for a prompt that is neither released nor here: whoever mistypes one would watch nothing, and be told that all is well */
function requireKnown(workspace: Workspace, ids: readonly string[], { states, broken }: Rollouts): void {
  const unknown = ids.filter((id) => !states.has(id) && !broken.has(id));
  if (unknown.length > 0) selectPromptFiles(workspace, unknown);
}

/** Judges recorded telemetry as it would have been judged at the time, and writes nothing. */
export async function replay(
  host: Host,
  workspace: Workspace,
  request: WatchRequest & { readonly recorded: string; readonly versions: readonly [string, string] | null },
): Promise<WatchResult> {
  const { joinWindow } = workspace.configuration.telemetry;
  const plan = planOf(rolloutConfigurationOf(workspace));
  const recorded = openOtlpFiles(host.cwd, request.recorded);
  const { source, clock, began } = await openRecording(recorded, millisecondsOf(joinWindow), host.signal);
  const replayed = await replayedOf(host, workspace, request);
  const states = replayed.map((each) => [each.prompt, replayedState(each, plan, began)] as const);
  const desk = memoryDesk({ commit: null, states: new Map(states), broken: new Map() });
  return watchWith(host, workspace, {
    ...request,
    follow: true,
    desk,
    sources: [source],
    counterSources: [],
    clock: { ...clock, isOver: () => clock.isOver() || !desk.isUnderWay() },
    anyGeneration: true,
    // Weeks pass in a replay: a line a minute would be thousands.
    mentionEvery: Number.POSITIVE_INFINITY,
  });
}

/** The versions to compare: those given, else those of the rollouts that are under way. */
async function replayedOf(
  host: Host,
  workspace: Workspace,
  { ids, versions }: { readonly ids: readonly string[]; readonly versions: readonly [string, string] | null },
): Promise<readonly Replayed[]> {
  if (versions) {
    const [prompt, ...others] = ids;
    if (prompt === undefined || others.length > 0)
      throw inputError(
        '--versions is about one prompt',
        'Name it: promptline watch family/name --replay ...',
      );
    return [{ prompt, stable: versions[0], canary: versions[1] }];
  }
  const rollouts = await withStateBranch(host, workspace, loadRollouts);
  const underWay = underWayIn(rollouts, ids).map(({ state: { prompt, stable }, canary }) => ({
    prompt,
    stable: stable?.version ?? '',
    canary: canary.release.version,
  }));
  if (underWay.length > 0) return underWay;
  throw inputError('no rollout is under way', 'Say which versions to compare, as --versions 1.0.0..1.1.0');
}

function watchWith(
  host: Host,
  workspace: Workspace,
  options: WatchRequest & {
    readonly desk: Desk;
    readonly sources: readonly TelemetrySource[];
    readonly counterSources: readonly CounterSource[];
    readonly clock: Clock;
    readonly anyGeneration: boolean;
    /** Milliseconds after which a rollout of which nothing is new is mentioned again. */
    readonly mentionEvery: number;
  },
): Promise<WatchResult> {
  const { desk, sources, counterSources, clock, anyGeneration, mentionEvery, promote, ids } = options;
  const { note } = host.terminal;
  const plan = planOf(rolloutConfigurationOf(workspace));
  boundHeap();
  const watcher = createWatcher({
    desk,
    sources,
    counterSources,
    plan,
    priceOf: watchedPrices(host, workspace, plan),
    window: millisecondsOf(workspace.configuration.telemetry.joinWindow),
    writeEvery: WRITE_EVERY,
    prompts: ids,
    anyGeneration,
    promote,
  });
  return runWatch(watcher, desk, {
    ...options,
    note: (line) => note(terminalText(line, 1000)),
    onLook: sayLooks(clock, mentionEvery, note),
  });
}

/** Says where each rollout stands when that changes, and again after a while. */
function sayLooks(
  clock: Clock,
  mentionEvery: number,
  note: (line: string) => void,
): (looked: readonly Looked[]) => void {
  const said = new Map<string, { readonly causes: string; readonly at: number }>();
  return (looked) => {
    for (const { after, reading } of looked) {
      const causes = `${after.canary?.percent} ${after.canary?.decision?.causes} ${after.log.length}`;
      const before = said.get(after.prompt);
      if (before?.causes === causes && clock.now() - before.at < mentionEvery) continue;
      said.set(after.prompt, { causes, at: clock.now() });
      note(`${reading.at}  ${describeRollout(after)} [${describeTelemetry(reading)}]`);
    }
  };
}
