import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { inOrder } from '../in-order.ts';
import type { SignalBatch, TelemetrySource } from '../source.ts';
import { findFiles, identityOf } from './find-files.ts';
import { watchMissing } from './missing-files.ts';
import { type MarksOfFiles, openFile, readFile } from './read-file.ts';

/** Files that are open at once. */
const MOST_OPEN = 64;

/**
 * OTLP as JSON lines, as the file exporter of OpenTelemetry's collector writes it: a file with its rotated ones, a folder or a pattern.
 * Files are recognised by their first line, so that renaming and gzipping change nothing; lines of several files come by their time.
 *
 * @param pattern absolute, or relative to `root`
 */
export function openOtlpFiles(root: string, pattern: string): TelemetrySource {
  // Gzipped files stay as they are: those that were read to their end need not be unzipped again at each look.
  const finished = new Set<string>();
  const marks: MarksOfFiles = new Map();
  const missing = watchMissing(pattern);
  return {
    name: pattern,
    async *read(after, options) {
      const opened = new Set<string>();
      const all = findFiles(root, pattern);
      if (all.length === 0) {
        if (isForbidden(path.resolve(root, pattern)))
          options.tally.add('unreadable file', `${pattern}: permission denied`);
        else options.tally.add('path without files', pattern);
      }
      const waiting = all.filter(
        (found) =>
          found.changed >= options.since - options.window &&
          !(options.warm && found.gzip && finished.has(identityOf(found))),
      );
      const files = waiting.values().flatMap((found) => {
        const open = openFile(found, { source: pattern, opened, tally: options.tally });
        if (open === null) return [];
        return [thenRemember(readFile(open, after, marks, options), () => finished.add(identityOf(found)))];
      });
      const read = new Set<string>();
      for await (const batch of inOrder(files, MOST_OPEN)) {
        if (!batch.again) for (const key of Object.keys(batch.cursor)) read.add(key);
        yield batch;
      }
      yield* missing.note(after, { all, opened, read, ...options });
    },
  };
}

/** What one may not look into is not empty: names may be hidden, or what they stand for. */
function isForbidden(absolute: string): boolean {
  try {
    const isFolder = statSync(absolute, { throwIfNoEntry: false })?.isDirectory() ?? false;
    const folder = isFolder ? absolute : path.dirname(absolute);
    readdirSync(folder);
    statSync(`${folder}/.`);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EACCES';
  }
}

async function* thenRemember(
  batches: AsyncGenerator<SignalBatch>,
  remember: () => void,
): AsyncGenerator<SignalBatch> {
  yield* batches;
  remember();
}
