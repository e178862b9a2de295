import { closeSync, openSync } from 'node:fs';
import type { Cursor } from '../../rollout/observation.ts';
import type { Tally } from '../irregularities.ts';
import type { Signal } from '../signal.ts';
import type { ReadOptions, SignalBatch } from '../source.ts';
import type { FoundFile } from './find-files.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type FileLine, readLinesFrom } from './lines.ts';
import { formatPlace, placeIn, placeKey } from './place.ts';
import { signalsOf } from './signals.ts';

export type OpenFile = {
  readonly found: FoundFile;
  readonly handle: number;
  readonly fingerprint: string;
};

/** Opens a file; null where it is gone, empty, or in `opened` already under another name. */
export function openFile(found: FoundFile, opened: Set<string>, tally: Tally): OpenFile | null {
  let handle: number | null = null;
  try {
    // The open file stays the same one, whatever is renamed meanwhile.
    handle = openSync(found.absolute, 'r');
    const fingerprint = fingerprintOf(handle, found.gzip);
    if (fingerprint !== null && !opened.has(fingerprint)) {
      opened.add(fingerprint);
      return { found, handle, fingerprint };
    }
  } catch (error) {
    if (!isGone(error)) tally.add('unreadable file', `${found.shown}: ${reasonOf(error)}`);
  }
  if (handle !== null) closeSync(handle);
  return null;
}

/** What a file has since the cursor. Closes it. */
export async function* readFile(
  { found, handle, fingerprint }: OpenFile,
  after: Cursor,
  { warm, window, now, tally }: ReadOptions,
): AsyncGenerator<SignalBatch> {
  const known = placeIn(after, fingerprint);
  const offset = known?.offset ?? 0;
  const idle = !found.gzip && found.size <= offset;
  const forgotten = !warm && known !== null && !(idle && found.changed < now - window);
  const from = forgotten ? known.from : offset;
  if (idle && from >= offset) return closeSync(handle);
  const marks = createMarks(from, window);
  const onTooLong = () => tally.add('too long', `${found.shown} after byte ${from}`);
  try {
    for await (const { lines, open } of readLinesFrom({ handle, gzip: found.gzip, from, onTooLong })) {
      for (const again of [true, false]) {
        const part = lines.filter(({ end }) => end <= offset === again);
        const read = readPart(part, { open, shown: found.shown, tally: again ? null : tally });
        if (read === null) continue;
        const { signals, end } = read;
        marks.add(end, signals, now);
        const place = { offset: Math.max(end, offset), from: marks.from() };
        yield { signals, again, cursor: { [placeKey(fingerprint)]: formatPlace(place, found.shown) } };
      }
    }
  } catch (error) {
    tally.add('unreadable file', `${found.shown}: ${reasonOf(error)}`);
  }
}

/** The signals of lines, and where the last of them ends; null where none is whole. */
function readPart(
  lines: readonly FileLine[],
  options: { readonly open: boolean; readonly shown: string; readonly tally: Tally | null },
): { readonly signals: readonly Signal[]; readonly end: number } | null {
  const signals: Signal[] = [];
  let end: number | null = null;
  for (const line of lines) {
    const value = parseLine(line, options);
    // Its rest is still to come.
    if (value === unfinished) break;
    end = line.end;
    for (const signal of signalsOf(value, options.tally ?? nobody)) signals.push(signal);
  }
  return end === null ? null : { signals, end };
}

const unfinished = Symbol('unfinished');
const nobody: Tally = { add: () => {}, list: () => [] };

function parseLine(
  { bytes, end }: FileLine,
  { open, shown, tally }: { readonly open: boolean; readonly shown: string; readonly tally: Tally | null },
): unknown {
  // Most telemetry is about other things: looking for two words costs a tenth of parsing.
  const relevant = bytes.includes('gen_ai.') || bytes.includes('feature_flag.');
  if (!relevant && !open && isObject(bytes)) return null;
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    if (open) return unfinished;
    if (bytes.toString('utf8').trim() !== '')
      tally?.add('malformed', `${shown}, line that ends at byte ${end}`);
    return null;
  }
}

function isObject(bytes: Buffer): boolean {
  return bytes[0] === 0x7b && bytes.at(bytes.at(-1) === 0x0d ? -2 : -1) === 0x7d;
}

/** How far apart the places are at which reading can begin anew, in milliseconds of events. */
const MARK_EVERY = 5000;

/** Remembers which byte of a file belongs to which time, as far back as the window goes. */
function createMarks(start: number, window: number) {
  const marks: { readonly offset: number; readonly until: number }[] = [];
  let [end, newest] = [start, 0];
  return {
    add(next: number, signals: readonly Signal[], now: number) {
      for (const { at } of signals) newest = Math.max(newest, Math.min(at, now));
      const last = marks.at(-1);
      if (!last || newest - last.until >= MARK_EVERY) marks.push({ offset: end, until: newest });
      end = next;
      while (marks.length > 1 && (marks[1]?.until ?? 0) < newest - window) marks.shift();
    },
    from: () => marks[0]?.offset ?? start,
  };
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
