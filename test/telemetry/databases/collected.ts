import type { Cursor } from '../../../src/rollout/observation.ts';
import { createTally } from '../../../src/telemetry/irregularities.ts';
import type { Signal } from '../../../src/telemetry/signal.ts';
import type { ReadOptions, TelemetrySource } from '../../../src/telemetry/source.ts';
import { start } from '../otlp-lines.ts';
import { minutes, window } from '../reading.ts';

export type Collected = {
  /** In the order in which they came. */
  readonly signals: readonly Signal[];
  /** Those that lay before the cursor. */
  readonly again: readonly Signal[];
  readonly cursor: Cursor;
  /** `2 malformed: row 3 ...`. */
  readonly irregular: readonly string[];
};

/**
 * Everything that a source has since a cursor.
 * @param batches stops after so many that are new, as a process does that is killed
 */
export async function collect(
  source: TelemetrySource,
  after: Cursor = {},
  {
    batches = Number.POSITIVE_INFINITY,
    ...options
  }: Partial<ReadOptions> & { readonly batches?: number } = {},
): Promise<Collected> {
  const tally = createTally();
  const [signals, again]: [Signal[], Signal[]] = [[], []];
  let cursor = after;
  let left = batches;
  const all = {
    since: start,
    window,
    now: start + 60 * minutes,
    warm: false,
    details: false,
    tally,
    ...options,
  };
  for await (const batch of source.read(after, all)) {
    (batch.again ? again : signals).push(...batch.signals);
    if (batch.again) continue;
    cursor = { ...cursor, ...batch.cursor };
    left -= 1;
    if (left <= 0) break;
  }
  const irregular = tally.list().map(({ kind, count, example }) => `${count} ${kind}: ${example}`);
  return { signals, again, cursor, irregular };
}
