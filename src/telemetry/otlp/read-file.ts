import { closeSync, openSync } from 'node:fs';
import type { Cursor } from '../../rollout/observation.ts';
import { fits, type GrowingBatch } from '../growing-batch.ts';
import type { Tally } from '../irregularities.ts';
import type { Signal } from '../signal.ts';
import type { ReadOptions, SignalBatch } from '../source.ts';
import type { FoundFile } from './find-files.ts';
import { fingerprintOf } from './fingerprint.ts';
import { afterSpace } from './json-bytes.ts';
import { readLinesFrom } from './lines.ts';
import { createMarks, type Marks } from './marks.ts';
import { formatPlace, placeIn, placeKey } from './place.ts';
import { relevantRecords } from './relevant-records.ts';
import { type SignalReading, signalsOf } from './signals.ts';

export type OpenFile = {
  readonly found: FoundFile;
  /** The name of its source. */
  readonly source: string;
  readonly handle: number;
  readonly fingerprint: string;
};

/** By fingerprint; kept between readings. */
export type MarksOfFiles = Map<string, Marks>;

/** Opens a file; null where it is gone, empty, or in `opened` already under another name. */
export function openFile(
  found: FoundFile,
  { source, opened, tally }: { readonly source: string; readonly opened: Set<string>; readonly tally: Tally },
): OpenFile | null {
  let handle: number | null = null;
  try {
    // The open file stays the same one, whatever is renamed meanwhile.
    handle = openSync(found.absolute, 'r');
    const fingerprint = fingerprintOf(handle, found.gzip);
    if (fingerprint !== null && !opened.has(fingerprint)) {
      opened.add(fingerprint);
      return { found, source, handle, fingerprint };
    }
  } catch (error) {
    if (!isGone(error)) tally.add('unreadable file', `${found.shown}: ${reasonOf(error)}`);
  }
  if (handle !== null) closeSync(handle);
  return null;
}

/** What a file has since the cursor. Closes it. */
export async function* readFile(
  { found, source, handle, fingerprint }: OpenFile,
  after: Cursor,
  marksOfFiles: MarksOfFiles,
  { warm, window, now, details, tally }: ReadOptions,
): AsyncGenerator<SignalBatch> {
  const known = placeIn(after, fingerprint);
  const offset = known?.offset ?? 0;
  const idle = !found.gzip && found.size <= offset;
  const forgotten = !warm && known !== null && !(idle && found.changed < now - window);
  const from = forgotten ? known.from : offset;
  if (idle && from >= offset) return closeSync(handle);
  const marks = (warm ? marksOfFiles.get(fingerprint) : undefined) ?? createMarks(from, window);
  marksOfFiles.set(fingerprint, marks);
  const onTooLong = () => tally.add('too long', `${found.shown} after byte ${from}`);
  const key = placeKey(fingerprint);
  try {
    for await (const { lines, open } of readLinesFrom({ handle, gzip: found.gzip, from, onTooLong })) {
      let batch: GrowingBatch | null = null;
      for (const line of lines) {
        // Not by its end: a last line may have been read before its line break was written.
        const again = line.begin < offset;
        const listener = again ? nobody : tally;
        const signals = signalsIn(line.bytes, { open, details, tally: listener });
        // Its rest is still to come.
        if (signals === null && open) break;
        if (signals === null && !isBlank(line.bytes))
          listener.add('malformed', `${found.shown}, line that ends at byte ${line.end}`);
        if (batch && !fits(batch, again, signals ?? [])) {
          yield batch;
          batch = null;
        }
        marks.add(line.end, signals ?? [], now);
        const place = { offset: Math.max(line.end, offset), from: marks.from() };
        batch ??= { signals: [], again, cursor: {} };
        for (const signal of signals ?? []) batch.signals.push(signal);
        batch.cursor = { [key]: formatPlace(place, found.shown, source) };
      }
      if (batch) yield batch;
    }
  } catch (error) {
    tally.add('unreadable file', `${found.shown}: ${reasonOf(error)}`);
  }
}

const nobody: Tally = { add: () => {}, list: () => [] };

/** What a line says about rollouts; null where it is no whole object of JSON. */
function signalsIn(
  line: Buffer,
  { open, ...reading }: SignalReading & { readonly open: boolean },
): readonly Signal[] | null {
  try {
    return relevantRecords(line, open)?.flatMap((record) => [...signalsOf(record, reading)]) ?? null;
  } catch {
    return null;
  }
}

function isBlank(line: Buffer): boolean {
  return afterSpace(line, 0) === line.length;
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
