import type { Contest } from './contest.ts';
import { byEffect, finalists, nextPromotion, rungs } from './racing.ts';
import { startsFirst } from './starts.ts';
import type { StrategyContext, StrategyOutcome } from './strategy.ts';

/** Candidates measured on the whole dev split before one is picked. */
const finalistCount = 2;

/** Where new candidates of a race come from. */
export type Newcomers = {
  /** Calls that making one may take, its first measurement in the race not counted. */
  readonly cost: number;
  /** Enters a new candidate and returns its id; null for an attempt that gave none; or why there will be no more. */
  next(round: number): Promise<number | null | { readonly ended: string }>;
};

/**
 * Races candidates, brings the best of them to every row of the dev split, and picks the best of those; null when that is the prompt
 * as it was.
 */
export async function race(context: StrategyContext, newcomers: Newcomers): Promise<StrategyOutcome> {
  const ended = await compete(context, newcomers);
  await measureFinalists(context);
  return { picked: pick(context.contest), ended };
}

/**
 * Candidates on growing parts of the dev split by asynchronous successive halving (ASHA): a promotion when one is due, the
 * base first of all, then the starts, else a new candidate. Keeps back the calls that bring the finalists to every row.
 *
 * @returns why it ended
 */
async function compete(context: StrategyContext, after: Newcomers): Promise<string> {
  const { space, contest, calls, exhausted } = context;
  const counts = rungs(contest.rowCount);
  const first = counts[0] ?? contest.rowCount;
  contest.enter({ choices: space.base, parent: null, why: 'the prompt as it was' });
  const newcomers = startsFirst(context, after);
  const affords = (job: Job, more: number) =>
    contest.calls + more + costOf(contest, job) + costOfFinals(contest, job) <= calls;
  for (let round = 0; ; round++) {
    const isBaseDue = contest.entries[0]?.rows === 0;
    const promotion = isBaseDue ? { id: 0, rows: first } : nextPromotion(contest.racers(), counts);
    // A newcomer has no id yet: what it will cost is known all the same.
    const job = promotion ?? { id: contest.entries.length, rows: first };
    const more = promotion ? 0 : newcomers.cost;
    const reason = exhausted(costOf(contest, job) + more);
    if (reason) return reason;
    if (!affords(job, more)) return 'the budget of calls was used';
    const entered = promotion ? promotion.id : await newcomers.next(round);
    if (typeof entered === 'object' && entered !== null) return entered.ended;
    if (entered !== null) await contest.advance(entered, job.rows);
  }
}

async function measureFinalists({ contest, calls, exhausted }: StrategyContext): Promise<void> {
  for (const racer of finalists(contest.racers(), finalistCount)) {
    const cost = contest.rowCount - racer.rows;
    if (exhausted(cost) === null && contest.calls + cost <= calls) {
      await contest.advance(racer.id, contest.rowCount);
    }
  }
}

/** Calls that bring the finalists to every row, from nothing. */
export function finalCalls(rowCount: number): number {
  return finalistCount * rowCount;
}

type Job = { readonly id: number; readonly rows: number };

function costOf(contest: Contest, job: Job): number {
  return job.rows - (contest.entries[job.id]?.rows ?? 0);
}

/**
 * Calls that bring the finalists to every row once the job is done, kept back, so that the pick never rests on a few rows.
 * The job's candidate may take a finalist's place: of the two the one that lacks more rows counts.
 */
function costOfFinals(contest: Contest, job: Job): number {
  const racers = contest.racers();
  const others = finalists(
    racers.filter(({ id }) => id !== job.id),
    finalistCount,
  ).map(({ rows }) => rows);
  const lacking = [...others, job.rows].map((rows) => contest.rowCount - rows).sort((a, b) => b - a);
  const unknown = Math.max(0, finalistCount - lacking.length) * contest.rowCount;
  return lacking.slice(0, finalistCount).reduce((sum, rows) => sum + rows, unknown);
}

/** The best of those measured on every row; null when that is the prompt as it was. */
function pick(contest: Contest): number | null {
  const racers = contest.racers().filter((racer) => !Number.isNaN(racer.effect));
  const rows = Math.max(0, ...racers.map((racer) => racer.rows));
  const [best] = racers.filter((racer) => racer.rows === rows).sort(byEffect);
  return best && best.id !== 0 ? best.id : null;
}
