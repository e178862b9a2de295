import type { PromptlineError } from '../../errors.ts';
import type { RolloutEvent } from '../../rollout/events.ts';
import { recorded, type Transition } from '../../rollout/moves.ts';
import type { RolloutPlan } from '../../rollout/plan.ts';
import { type Canary, formatState, type RolloutState } from '../../rollout/state.ts';
import { transition } from '../../rollout/transition.ts';
import type { CounterSource } from '../../telemetry/counter-source.ts';
import type { PriceOf } from '../../telemetry/priced-calls.ts';
import { openReader, type TelemetryReader, type TelemetryReading } from '../../telemetry/reading.ts';
import type { TelemetrySource } from '../../telemetry/source.ts';
import { brokenIn, type Rollouts } from '../rollouts/state-files.ts';
import type { Desk } from './desk.ts';

export type WatchSettings = {
  readonly desk: Desk;
  readonly sources: readonly TelemetrySource[];
  readonly counterSources?: readonly CounterSource[];
  readonly plan: RolloutPlan;
  /** How long after a call its scores may come, in milliseconds. */
  readonly window: number;
  /** Null where the plan watches no costs. */
  readonly priceOf: PriceOf | null;
  /** Milliseconds after which evidence alone is written; decisions are at once. */
  readonly writeEvery: number;
  /** Prompts to watch; empty: all. */
  readonly prompts: readonly string[];
  /** Whether calls of every generation count, as in a replay, which serves nothing. */
  readonly anyGeneration: boolean;
  /** Whether a step that is due is taken; else somebody else takes it. */
  readonly promote: boolean;
};

/** One look at one prompt's rollout. */
export type Looked = {
  readonly before: RolloutState;
  readonly after: RolloutState;
  readonly reading: TelemetryReading;
};

export type Look = {
  /** As they are after it. */
  readonly rollouts: Rollouts;
  readonly looked: readonly Looked[];
  /** What is wrong with states of watched prompts that cannot be read; the others are watched on. */
  readonly broken: readonly PromptlineError[];
  readonly problems: readonly PromptlineError[];
  /** What kept the look from ending: someone else wrote first, or another watcher is at it. */
  readonly interrupted: 'lost the race' | 'taken over' | null;
};

/** Looks at the rollouts that are under way, again and again. What was read and not yet written is kept between looks. */
export type Watcher = {
  /**
   * Reads telemetry, judges, and carries out what is decided.
   *
   * @param now milliseconds since 1970
   * @throws {PromptlineError} where the state cannot be read, or what is served not written: nothing is lost, look again
   */
  look(now: number): Promise<Look>;
  /** Writes evidence that was only kept in mind, at the end. */
  save(): Promise<void>;
};

type Kept = {
  /** As the branch has it, in the form of its file. */
  readonly stored: string;
  readonly state: RolloutState;
  /** When it was last written; null: never by this watcher. */
  readonly writtenAt: number | null;
  /** What was given to be written, and may have been, although that failed. */
  readonly attempted: RolloutState | null;
};

type Step = Looked & { readonly stored: RolloutState; readonly transition: Transition };

export function createWatcher(settings: WatchSettings): Watcher {
  const { desk, plan, prompts, writeEvery } = settings;
  const memory = new Map<string, Kept>();
  const readers = new Map<string, { readonly of: string; readonly reader: TelemetryReader }>();

  async function look(now: number): Promise<Look> {
    const rollouts = await desk.load();
    const underWay = underWayIn(rollouts, prompts);
    for (const prompt of memory.keys())
      if (!underWay.some(({ state }) => state.prompt === prompt)) memory.delete(prompt);
    for (const { state } of underWay) recognise(state, now);
    if (underWay.some(({ state }) => isAnothers(memory.get(state.prompt), state)))
      return { rollouts, looked: [], broken: [], problems: [], interrupted: 'taken over' };
    const steps: Step[] = [];
    for (const { state: stored, canary } of underWay) steps.push(await judged(stored, canary, now));
    const writing = steps.filter((step) => isDue(step, memory.get(step.before.prompt), now));
    return settle(rollouts, steps, { writing, now });
  }

  async function judged(stored: RolloutState, storedCanary: Canary, now: number): Promise<Step> {
    const kept = memory.get(stored.prompt);
    const before = kept?.stored === formatState(stored) ? kept.state : stored;
    const canary = before.canary ?? storedCanary;
    const reading = await readerOf(before, canary).read(canary.evidence.cursor, now);
    const event = eventOf(before, canary, reading);
    const decided = transition(before, event, plan);
    const moved = isPromotion(decided) && !settings.promote ? ready(before, event, plan) : decided;
    // Evidence from before an outage, however short that is, does not say how it goes now.
    const held =
      isPromotion(moved) && isBlind(reading) ? { state: before, effects: [], refused: null } : moved;
    return { stored, before, after: held.state, reading, transition: held };
  }

  /** Whether nothing was read of what some metric comes from. */
  function isBlind({ observations, counters }: TelemetryReading): boolean {
    return plan.metrics.some(({ name, from }) =>
      from === 'users' ? observations.length === 0 : !counters.some(({ metric }) => metric === name),
    );
  }

  function readerOf(state: RolloutState, { release, stepSince }: Canary): TelemetryReader {
    const { prompt, stable, generation } = state;
    const of = `${generation} ${stepSince}`;
    const known = readers.get(prompt);
    if (known?.of === of) return known.reader;
    const comparison = {
      prompt,
      stable: stable?.version ?? '',
      canary: release.version,
      generation: settings.anyGeneration ? null : generation,
      since: Date.parse(stepSince),
    };
    const reader = openReader(settings.sources, comparison, settings);
    readers.set(prompt, { of, reader });
    return reader;
  }

  async function settle(
    rollouts: Rollouts,
    steps: readonly Step[],
    { writing, now }: { readonly writing: readonly Step[]; readonly now: number },
  ): Promise<Look> {
    const transitions = writing.map(({ after, transition: moved }) =>
      moved.effects.length > 0 ? moved : recorded(after),
    );
    for (const { state } of transitions) attempt(state);
    const carried =
      transitions.length > 0 ? await desk.carryOut(rollouts, transitions) : { rollouts, problems: [] };
    if (carried.rollouts === null) {
      // What takes versions back may have been written before: whoever follows them must know of them.
      const looked = steps.map(({ before, reading }) => ({ before, after: before, reading }));
      return { rollouts, looked, broken: [], problems: carried.problems, interrupted: 'lost the race' };
    }
    const { states } = carried.rollouts;
    const looked = steps.map((step) => {
      const isWritten = writing.includes(step);
      const after = isWritten ? (states.get(step.before.prompt) ?? step.after) : step.after;
      keep(step, { after, isWritten, now });
      return { before: step.before, after, reading: step.reading };
    });
    const broken = brokenIn(carried.rollouts, prompts);
    return { rollouts: carried.rollouts, looked, broken, problems: carried.problems, interrupted: null };
  }

  function keep(
    { stored, before }: Step,
    {
      after,
      isWritten,
      now,
    }: { readonly after: RolloutState; readonly isWritten: boolean; readonly now: number },
  ): void {
    const known = memory.get(before.prompt);
    memory.set(before.prompt, {
      stored: formatState(isWritten ? after : stored),
      state: after,
      writtenAt: isWritten ? now : (known?.writtenAt ?? null),
      attempted: null,
    });
  }

  function attempt(state: RolloutState): void {
    const known = memory.get(state.prompt);
    if (known) memory.set(state.prompt, { ...known, attempted: state });
  }

  /** A write that seemed to fail may have arrived: what is stored then is our own and not another watcher's. */
  function recognise(stored: RolloutState, now: number): void {
    const state = memory.get(stored.prompt)?.attempted;
    const text = formatState(stored);
    if (state && formatState(state) === text)
      memory.set(stored.prompt, { stored: text, state, writtenAt: now, attempted: null });
  }

  function isDue(
    { before, after, stored, transition: { effects } }: Step,
    kept: Kept | undefined,
    now: number,
  ) {
    if (after === stored) return false;
    if (effects.some((effect) => effect.do !== 'state') || after.log !== before.log) return true;
    const writtenAt = kept?.writtenAt ?? null;
    return writtenAt === null || now - writtenAt >= writeEvery;
  }

  async function save(): Promise<void> {
    const rollouts = await desk.load();
    const unwritten = [...memory.values()].filter(({ stored, state }) => {
      const current = rollouts.states.get(state.prompt);
      return current && formatState(current) === stored && formatState(state) !== stored;
    });
    if (unwritten.length === 0) return;
    for (const { state } of unwritten) attempt(state);
    await desk.carryOut(
      rollouts,
      unwritten.map(({ state }) => recorded(state)),
    );
  }

  return { look, save };
}

/** The rollouts that are under way, of the prompts that are watched. */
export function underWayIn(
  { states }: Rollouts,
  prompts: readonly string[],
): readonly { readonly state: RolloutState; readonly canary: Canary }[] {
  return [...states.values()].flatMap((state) => {
    const isWatched = prompts.length === 0 || prompts.includes(state.prompt);
    return isWatched && state.canary ? [{ state, canary: state.canary }] : [];
  });
}

/** Only watchers write evidence: when that of the same step has changed, another one is at work, and one is enough. */
function isAnothers(kept: Kept | undefined, stored: RolloutState): boolean {
  if (!kept || kept.stored === formatState(stored)) return false;
  const known: RolloutState = JSON.parse(kept.stored);
  return (
    known.generation === stored.generation &&
    JSON.stringify(known.canary?.evidence.cursor) !== JSON.stringify(stored.canary?.evidence.cursor)
  );
}

/** A step up publishes its content first, and nothing else does. */
function isPromotion({ effects }: Transition): boolean {
  return effects.some((effect) => effect.do === 'release');
}

/** The same evidence where nothing may be promoted: a hold that says so. */
function ready(before: RolloutState, event: RolloutEvent, plan: RolloutPlan): Transition {
  const frozen = {
    at: new Date(0).toISOString(),
    by: 'promptline',
    reason: 'the next step is due and waits for somebody to take it',
  };
  const { state } = transition({ ...before, frozen }, event, plan);
  return recorded({ ...state, frozen: before.frozen });
}

/** Whether all there is to wait for is somebody who takes the next step. */
export function isReady({ canary, frozen }: RolloutState): boolean {
  return frozen === null && canary?.decision?.causes[0] === 'frozen';
}

function eventOf(
  { generation }: RolloutState,
  { evidence }: Canary,
  reading: TelemetryReading,
): RolloutEvent {
  if (reading.cursor === evidence.cursor) return { type: 'tick', at: reading.at };
  return { type: 'observed', generation, after: evidence.cursor, reading };
}
