import type { Cursor } from '../../rollout/observation.ts';
import { fits, type GrowingBatch } from '../growing-batch.ts';
import type { Tally } from '../irregularities.ts';
import type { ReadOptions, SignalBatch } from '../source.ts';
import { formatPlace, placeIn } from './place.ts';
import { signalsOfRow } from './signals.ts';
import type { EventTable, TableRow } from './table.ts';

export type ReadTable = {
  /** For people. */
  readonly name: string;
  /** The cursor's entry. */
  readonly key: string;
  open(): Promise<EventTable>;
  /** Why a reading ended early, for people. */
  reasonOf(error: unknown): string;
};

/** What a table has since the cursor. What the database refuses ends the reading, which the next one continues. */
export async function* readTable(
  { name, key, open, reasonOf }: ReadTable,
  after: Cursor,
  options: ReadOptions,
): AsyncGenerator<SignalBatch> {
  const { since, window, now, warm, tally } = options;
  try {
    const table = await open();
    try {
      const place = placeIn(after, key);
      const known = place !== null && (await table.has(place.after)) ? place : null;
      const reading = { name, key, options, newest: known?.newest ?? 0 };
      if (known && !warm) {
        // Of a clock that is ahead nothing is remembered, or all since then would be read each time.
        const range = { from: known.newest - window, to: now + window, through: known.after };
        yield* batchesOf(table.rows(range), true, reading);
      }
      const range = known ?? { from: since - window, to: Number.POSITIVE_INFINITY, through: null };
      yield* batchesOf(table.rows(range), false, reading);
      const heldBack = await table.heldBack(now);
      if (heldBack !== null) tally.add('held back', `${name}: ${heldBack}`);
    } finally {
      await table.close();
    }
  } catch (error) {
    tally.add('unreadable source', `${name}: ${reasonOf(error)}`);
  }
}

type Reading = Pick<ReadTable, 'name' | 'key'> & { readonly options: ReadOptions; newest: number };

const nobody: Tally = { add: () => {}, list: () => [] };

async function* batchesOf(
  pages: AsyncIterable<readonly TableRow[]>,
  again: boolean,
  reading: Reading,
): AsyncGenerator<SignalBatch> {
  const { name, key, options } = reading;
  const tally = again ? nobody : options.tally;
  for await (const page of pages) {
    let batch: GrowingBatch | null = null;
    for (const { place, id, row } of page) {
      const shown = `row ${id} of ${name}`;
      const signals = signalsOfRow(row, { details: options.details, tally, shown });
      if (batch && !fits(batch, again, signals)) {
        yield batch;
        batch = null;
      }
      batch ??= { signals: [], again, cursor: {} };
      for (const signal of signals) {
        reading.newest = Math.max(reading.newest, Math.min(signal.at, options.now));
        batch.signals.push(signal);
      }
      if (!again) batch.cursor = { [key]: formatPlace({ newest: reading.newest, after: place }) };
    }
    if (batch) yield batch;
  }
}
