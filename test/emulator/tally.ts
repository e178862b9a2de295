import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Names the folder where the emulators of a run note what they were asked. */
const VARIABLE = 'PROMPTLINE_OPERATIONS_ASKED';
/** Operations of GitHub's contract that the whole suite must exercise, at least. */
const LEAST = 30;

/** Notes what an emulator was asked, for the sum over the whole suite. */
export function noteOperations(operations: ReadonlyMap<string, number>): void {
  const folder = process.env[VARIABLE];
  if (folder === undefined || operations.size === 0) return;
  const noted = path.join(mkdtempSync(path.join(folder, 'emulator-')), 'operations.json');
  writeFileSync(noted, JSON.stringify([...operations]));
}

/** Vitest's global set-up: in the end tells how much of GitHub's contract was exercised, and in CI fails where that is too little. */
export default function setup(): () => void {
  const folder = mkdtempSync(path.join(tmpdir(), 'promptline-operations-'));
  process.env[VARIABLE] = folder;
  return () => {
    const asked = new Map<string, number>();
    for (const name of readdirSync(folder)) {
      const text = readFileSync(path.join(folder, name, 'operations.json'), 'utf8');
      for (const [operation, count] of JSON.parse(text) as [string, number][])
        asked.set(operation, (asked.get(operation) ?? 0) + count);
    }
    rmSync(folder, { recursive: true });
    if (asked.size === 0) return;
    const requests = [...asked.values()].reduce((sum, count) => sum + count, 0);
    console.log(
      `The test GitHub answered ${requests} requests of ${asked.size} operations of GitHub's contract.`,
    );
    if (process.env['CI'] && asked.size < LEAST)
      throw new Error(`${asked.size} operations were exercised; the suite shall exercise ${LEAST}`);
  };
}
