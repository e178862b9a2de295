import { createHash } from 'node:crypto';

/** A number in [0, 1) that depends on the parts alone: the same in each process and in any order of requests. */
export function chance(...parts: readonly (string | number)[]): number {
  return createHash('sha256').update(JSON.stringify(parts)).digest().readUInt32BE(0) / 2 ** 32;
}
