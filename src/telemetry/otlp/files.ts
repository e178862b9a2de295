import path from 'node:path';
import { inOrder } from '../in-order.ts';
import type { SignalBatch, TelemetrySource } from '../source.ts';
import { type FoundFile, findFiles } from './find-files.ts';
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
  const absolute = path.resolve(root, pattern);
  // Gzipped files stay as they are: those that were read to their end need not be unzipped again at each look.
  const finished = new Set<string>();
  const marks: MarksOfFiles = new Map();
  const identity = ({ absolute: file, size, changed }: FoundFile) => `${file} ${size} ${changed}`;
  return {
    name: pattern,
    async *read(after, options) {
      const opened = new Set<string>();
      const waiting = findFiles(absolute).filter(
        (found) =>
          found.changed >= options.since - options.window &&
          !(options.warm && found.gzip && finished.has(identity(found))),
      );
      const files = waiting.values().flatMap((found) => {
        const open = openFile(found, opened, options.tally);
        if (open === null) return [];
        return [thenRemember(readFile(open, after, marks, options), () => finished.add(identity(found)))];
      });
      yield* inOrder(files, MOST_OPEN);
    },
  };
}

async function* thenRemember(
  batches: AsyncGenerator<SignalBatch>,
  remember: () => void,
): AsyncGenerator<SignalBatch> {
  yield* batches;
  remember();
}
