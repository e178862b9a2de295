import { inputError } from '../../errors.ts';
import { targetingKeyOf } from '../../rollout/assign.ts';
import { contentTag } from '../../rollout/effects.ts';
import type { RolloutPlan } from '../../rollout/plan.ts';
import { initialState, type RolloutState } from '../../rollout/state.ts';
import { transition } from '../../rollout/transition.ts';
import { createTally } from '../../telemetry/irregularities.ts';
import type { SignalBatch, TelemetrySource } from '../../telemetry/source.ts';
import type { Clock } from './watch.ts';

/** Recorded telemetry as it came at the time, and the clock of its records. */
export type Recording = { readonly source: TelemetrySource; readonly clock: Clock; readonly began: number };

/** Which versions are compared in a replay. */
export type Replayed = { readonly prompt: string; readonly stable: string; readonly canary: string };

/** Milliseconds without a record after which the clock goes on to the next one: a record of a wrong clock may be centuries away. */
const LONGEST_SILENCE = 86_400_000;

/** @throws {PromptlineError} where there is nothing to replay */
export async function openRecording(
  recorded: TelemetrySource,
  window: number,
  signal: AbortSignal,
): Promise<Recording> {
  const began = await firstMoment(recorded, window);
  if (began === null)
    throw inputError(
      `there is no telemetry of model calls in ${recorded.name}`,
      'Name a folder of OTLP JSON lines',
    );
  let now = began;
  let isMore = true;
  // When there was something to read last, and when there will be again.
  let [heard, next] = [began, began];
  return {
    began,
    source: {
      name: recorded.name,
      async *read(after, options) {
        isMore = false;
        for await (const batch of recorded.read(after, options)) {
          next = beginOf(batch);
          isMore = next > now;
          // It had not happened yet.
          if (isMore) return;
          heard = now;
          yield batch;
        }
      },
    },
    clock: {
      now: () => now,
      isOver: () => signal.aborted || !isMore,
      async sleep(milliseconds) {
        now += milliseconds;
        if (isMore && now - heard > LONGEST_SILENCE) now = Math.max(now, next);
      },
    },
  };
}

/** A rollout that begins its first step at a time; only versions matter, since nothing of it is served. */
export function replayedState(
  { prompt, stable, canary }: Replayed,
  plan: RolloutPlan,
  began: number,
): RolloutState {
  const at = new Date(began).toISOString();
  return [stable, canary].reduce((state, version) => {
    const release = { version, ref: contentTag(prompt, version), sha256: targetingKeyOf(version) };
    return transition(state, { type: 'released', release, cursor: {}, at }, plan).state;
  }, initialState(prompt));
}

async function firstMoment(recorded: TelemetrySource, window: number): Promise<number | null> {
  const options = {
    since: 0,
    window,
    now: Number.MAX_VALUE,
    warm: true,
    details: false,
    tally: createTally(),
  };
  for await (const batch of recorded.read({}, options)) if (batch.signals.length > 0) return beginOf(batch);
  return null;
}

function beginOf({ signals }: SignalBatch): number {
  return signals.reduce(
    (oldest, { at }) => Math.min(oldest, at),
    signals.length === 0 ? 0 : Number.MAX_VALUE,
  );
}
