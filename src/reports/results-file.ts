import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { inputError } from '../errors.ts';
import type { Measurement } from '../evaluation/measure.ts';
import { createFolder } from '../files/create-folder.ts';
import { readLines } from '../files/read-lines.ts';
import { cannotWrite } from '../files/read-write.ts';
import { membersSchema, usageSchema } from './usage-schema.ts';

/** One measurement as a line of the results file holds it. */
type ResultRow = Measurement['result'] & { readonly answer: Measurement['answer'] };

const BUFFERED_CHARACTERS = 256 * 1024;

/** The file of a prompt's results in a results folder; `side` tells the base of a comparison from the head. */
export function resultsPath(folder: string, id: string, side: 'head' | 'base' = 'head'): string {
  // A folder of their own: a name of one file could be that of another prompt.
  return path.join(folder, side === 'base' ? 'base-results' : 'results', `${id}.jsonl`);
}

/**
 * Writes measurements as JSON Lines while they arrive, so that a run of any length has complete results on disk. The file gets
 * its name when it is whole; a run that ends before leaves none.
 */
export function createResultsFile(absolute: string) {
  // Not the file's own name and more: that may already be as long as a name can be.
  const temporary = path.join(path.dirname(absolute), `${process.pid}.tmp`);
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      removeQuietly(temporary);
      throw cannotWrite(absolute, error);
    }
  };
  const handle = guarded(() => {
    createFolder(path.dirname(absolute));
    return openSync(temporary, 'w');
  });
  let buffer = '';
  let open = true;
  const flush = () => {
    const bytes = Buffer.from(buffer, 'utf8');
    buffer = '';
    for (let written = 0; written < bytes.length; ) written += writeSync(handle, bytes, written);
  };
  return {
    add(measurement: Measurement): void {
      buffer += `${JSON.stringify({ ...measurement.result, answer: measurement.answer } satisfies ResultRow)}\n`;
      if (buffer.length > BUFFERED_CHARACTERS) guarded(flush);
    },
    /** Gives the file its name. */
    finish(): void {
      guarded(() => {
        flush();
        fsyncSync(handle);
        closeSync(handle);
        open = false;
        renameSync(temporary, absolute);
      });
    },
    /** Removes what was written, unless it was finished. */
    discard(): void {
      if (!open) return;
      open = false;
      closeSync(handle);
      rmSync(temporary, { force: true });
    },
  };
}

/** Where a file could not be made there is often none to remove; what failed first is what counts. */
function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {}
}

const counts = z.object({ hits: z.number(), predicted: z.number(), expected: z.number() });
const rowSchema = z.object({
  example: z.string(),
  cluster: z.string(),
  tags: z.array(z.string()),
  repeat: z.number(),
  output: z.string().nullable(),
  scores: z.record(
    z.string(),
    z.object({
      value: z.number().nullable(),
      feedback: z.string(),
      counts: z.record(z.string(), counts).exactOptional(),
      usage: usageSchema.exactOptional(),
    }),
  ),
  failure: z.string().exactOptional(),
  answer: z
    .object({
      inputTokens: z.number(),
      outputTokens: z.number(),
      usd: z.number().nullable(),
      latencyMs: z.number(),
      attempts: z.number(),
      cached: z.boolean(),
      members: membersSchema.exactOptional(),
    })
    .nullable(),
}) satisfies z.ZodType<ResultRow>;

/** How many measurements a results file holds. */
export function countResults(absolute: string, shown: string): number {
  let count = 0;
  for (const _ of readLines(absolute, shown)) count += 1;
  return count;
}

/** The measurements of a results file, one after another. Throws an input error for a file that is missing or is none. */
export function* readResults(absolute: string, shown: string): Generator<Measurement> {
  for (const { line, text } of readLines(absolute, shown)) {
    const row = rowSchema.safeParse(parse(text));
    if (!row.success) {
      throw inputError('not a row of results', 'Run the evaluation again; it writes the file whole', {
        file: shown,
        line,
      });
    }
    const { answer, ...result } = row.data;
    yield { result, answer };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
