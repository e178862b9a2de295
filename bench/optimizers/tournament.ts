import { type Contestant, type Meter, openArena, worthOf } from './arena.ts';
import type { TaskDraw } from './bench-task.ts';

/** One contestant with one limit on one draw of a task. */
export type Result = Meter & {
  readonly contestant: string;
  readonly calls: number;
  readonly seed: number;
  /** Of its pick, on the test split. */
  readonly worth: number;
};

/** What a contestant comes to with each limit: each is a run of its own, so that it is what a user gets who grants so many calls. */
export async function play(
  task: TaskDraw,
  contestants: Readonly<Record<string, Contestant>>,
  { limits, seeds }: { limits: readonly number[]; seeds: readonly number[] },
): Promise<Result[]> {
  const results: Result[] = [];
  for (const [contestant, run] of Object.entries(contestants)) {
    for (const seed of seeds) {
      for (const calls of limits) {
        const arena = openArena(task.draw(seed), seed, calls);
        const choices = await run(arena);
        results.push({ contestant, calls, seed, worth: worthOf(arena, choices), ...arena.meter });
      }
    }
  }
  return results;
}

/** The mean over seeds of one figure; NaN where there is no result. */
export function meanOf(
  results: readonly Result[],
  contestant: string,
  calls: number,
  figure: (result: Result) => number = ({ worth }) => worth,
): number {
  const own = results.filter((result) => result.contestant === contestant && result.calls === calls);
  return own.reduce((sum, result) => sum + figure(result), 0) / own.length;
}
