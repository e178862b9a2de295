import { closeSync, openSync } from 'node:fs';
import type { Cursor } from '../../rollout/observation.ts';
import type { Tally } from '../irregularities.ts';
import type { ReadOptions, SignalBatch } from '../source.ts';
import type { FoundFile } from './find-files.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type FileLine, readLinesFrom } from './lines.ts';
import { createMarks, type Marks } from './marks.ts';
import { formatPlace, placeIn, placeKey } from './place.ts';
import { signalsOf } from './signals.ts';

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
  try {
    for await (const { lines, open } of readLinesFrom({ handle, gzip: found.gzip, from, onTooLong })) {
      for (const [index, line] of lines.entries()) {
        // Not by its end: a last line may have been read before its line break was written.
        const again = line.begin < offset;
        const listener = again ? nobody : tally;
        const value = parseLine(line, { open, shown: found.shown, tally: listener });
        // Its rest is still to come.
        if (value === unfinished) break;
        const signals = [...signalsOf(value, { details, tally: listener })];
        marks.add(line.end, signals, now);
        // Line by line, since what belongs together may lie in several files; most lines are about other things.
        if (signals.length === 0 && index < lines.length - 1) continue;
        const place = { offset: Math.max(line.end, offset), from: marks.from() };
        yield {
          signals,
          again,
          cursor: { [placeKey(fingerprint)]: formatPlace(place, found.shown, source) },
        };
      }
    }
  } catch (error) {
    tally.add('unreadable file', `${found.shown}: ${reasonOf(error)}`);
  }
}

const unfinished = Symbol('unfinished');
const nobody: Tally = { add: () => {}, list: () => [] };

/** The line's JSON; null where it is about other things, or none. */
function parseLine(
  { bytes, end }: FileLine,
  { open, shown, tally }: { readonly open: boolean; readonly shown: string; readonly tally: Tally },
): unknown {
  // Most telemetry is about other things: looking for two words costs a tenth of parsing.
  const relevant = bytes.includes('gen_ai.') || bytes.includes('feature_flag.');
  if (!relevant && !open && isObject(bytes)) return null;
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    if (open) return unfinished;
    if (bytes.toString('utf8').trim() !== '')
      tally.add('malformed', `${shown}, line that ends at byte ${end}`);
    return null;
  }
}

function isObject(bytes: Buffer): boolean {
  return bytes[0] === 0x7b && bytes.at(bytes.at(-1) === 0x0d ? -2 : -1) === 0x7d;
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
