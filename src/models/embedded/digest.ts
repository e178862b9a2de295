import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { writeWhole } from '../../files/read-write.ts';

const stampSchema = z.object({
  sha256: z.string(),
  bytes: z.number(),
  modifiedMs: z.number(),
  hashedAt: z.string(),
});

/** The digest of a file's content, with the size and modification time (Unix, ms) it had and when it was read. */
export type Stamp = Readonly<z.infer<typeof stampSchema>>;

const readSize = 1024 * 1024;

/** A file's content in pieces of a megabyte, so that hundreds of them never lie in memory. */
export function readPieces(file: string): AsyncIterable<Buffer> {
  return createReadStream(file, { highWaterMark: readSize });
}

/** SHA-256 of a file in hexadecimal. */
async function fileDigest(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of readPieces(file)) hash.update(piece);
  return hash.digest('hex');
}

/**
 * The digest of a large file, read from its stamp while size and modification time are those of the stamp,
 * computed and stamped otherwise: opening a model must not read its weights twice.
 */
export async function stampedDigest(file: string, stampFile: string): Promise<Stamp> {
  const { size, mtimeMs } = await stat(file);
  const stamp = readStamp(stampFile);
  if (stamp && stamp.bytes === size && stamp.modifiedMs === mtimeMs) return stamp;
  return writeStamp(file, stampFile, await fileDigest(file));
}

/** The stamp as it was written, whether it still fits its file or not; null where there is none that can be read. */
export function readStamp(stampFile: string): Stamp | null {
  try {
    return stampSchema.parse(JSON.parse(readFileSync(stampFile, 'utf8')));
  } catch {
    return null;
  }
}

/** Stamps a file with a digest that was just computed from it. */
export async function writeStamp(file: string, stampFile: string, sha256: string): Promise<Stamp> {
  const { size, mtimeMs } = await stat(file);
  const stamp = { sha256, bytes: size, modifiedMs: mtimeMs, hashedAt: new Date().toISOString() };
  try {
    writeWhole(stampFile, `${JSON.stringify(stamp, null, 2)}\n`);
  } catch {
    // A cache that cannot be written (a read-only image) costs a hash at each start and nothing else.
  }
  return stamp;
}
