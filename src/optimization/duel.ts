import type { Contest } from './contest.ts';
import type { StrategyContext } from './strategy.ts';

/** Paired differences of the objective, challenger less champion: their sum and the sum of their squares. */
export type Evidence = { readonly sum: number; readonly squares: number };

const noEvidence: Evidence = { sum: 0, squares: 0 };

/** Dev rows of the first comparison; each further one looks at twice as many. */
const firstRows = 16;
/** A challenger so many standard errors ahead has won: one that was made from mistakes, and one that was made blindly. */
const [informedLead, blindLead] = [1, 2];
/** What rows it was made from say of a challenger counts half as much as dev rows, which it never saw. */
const trialWeight = 0.5;
/** Squares added, so that a single row never decides. */
const doubt = 0.5;
/** Nearer than this to no difference at all is none: sums come from different orders of summation. */
const tie = 1e-9;
/** A shorter instruction wins with so many rows on which it is no worse. */
const rowsToShorten = 80;

/** Dev rows at which a duel is judged, ascending: 16, 32, 64, ... and all. */
export function duelRungs(rowCount: number): number[] {
  const rungs: number[] = [];
  for (let rows = firstRows; rows < rowCount; rows *= 2) rungs.push(rows);
  return [...rungs, rowCount];
}

export function pairedEvidence(pairs: Iterable<{ readonly was: number; readonly is: number }>): Evidence {
  let [sum, squares] = [0, 0];
  for (const { was, is } of pairs) {
    sum += is - was;
    squares += (is - was) ** 2;
  }
  return { sum, squares };
}

/** How far a challenger is ahead, in standard errors of the sum of differences if there were none. */
function leadOf(dev: Evidence, trial: Evidence): number {
  const spread = dev.squares + trialWeight ** 2 * trial.squares + doubt;
  return (dev.sum + trialWeight * trial.sum) / Math.sqrt(spread);
}

export type Duel = {
  readonly champion: number;
  readonly challenger: number;
  /** From rows outside the dev split that the challenger was made from; null where it was made blindly. */
  readonly trial: Evidence | null;
  /** Of {@link duelRungs}, the first to be judged at. */
  readonly from: number;
  /** The challenger wins by being no worse: it is shorter. */
  readonly isShorter?: boolean;
};

/**
 * Compares a challenger with the champion on the same growing beginnings of the dev split, only as far as it takes: most are seen to
 * be worse, or clearly better, on the first few rows. Where the calls run out, what was seen so far decides.
 *
 * @returns whether the challenger won
 */
export async function fight(context: StrategyContext, duel: Duel): Promise<boolean> {
  const { contest } = context;
  const { champion, challenger } = duel;
  let isAhead = false;
  for (const rows of duelRungs(contest.rowCount).slice(duel.from)) {
    if (!affords(context, lacking(contest, champion, rows) + lacking(contest, challenger, rows))) break;
    for (const id of [champion, challenger]) {
      if (lacking(contest, id, rows) > 0) await contest.advance(id, rows);
    }
    const pairs = sharedRows(contest, champion, challenger);
    if (pairs.length === 0) return false;
    const dev = pairedEvidence(pairs);
    const verdict = judge(duel, dev, { rows, isLast: rows === contest.rowCount });
    if (verdict !== null) return verdict;
    isAhead = dev.sum > tie;
  }
  return isAhead;
}

/** Whether a challenger has won or lost by now; null where more rows are needed. */
export function judge(
  { trial, isShorter = false }: Pick<Duel, 'trial' | 'isShorter'>,
  dev: Evidence,
  { rows, isLast }: { readonly rows: number; readonly isLast: boolean },
): boolean | null {
  const lead = leadOf(dev, trial ?? noEvidence);
  if (isShorter) {
    if (dev.sum >= -tie && (isLast || rows >= rowsToShorten)) return true;
    if (lead < -informedLead || isLast) return false;
    return lead >= informedLead ? true : null;
  }
  if (lead >= (trial ? informedLead : blindLead)) return true;
  if (isLast) return dev.sum > tie;
  // On the first rows, one that did well on others is forgiven a draw.
  const isForgiven = rows <= firstRows && trial !== null && lead >= -tie;
  return lead > tie || isForgiven ? null : false;
}

/** Whether so many more calls may be made. */
export function affords({ contest, calls, exhausted }: StrategyContext, more: number): boolean {
  return contest.calls + more <= calls && exhausted(more) === null;
}

/** Calls of a comparison of a new challenger with the champion on so many rows. */
export function duelCost(contest: Contest, champion: number, rows: number): number {
  return rows + lacking(contest, champion, rows);
}

function lacking(contest: Contest, id: number, rows: number): number {
  return Math.max(0, rows - (contest.entries[id]?.rows ?? 0));
}

/** What both made of each row that both were measured on; none where one of them fails on too many. */
function sharedRows(contest: Contest, champion: number, challenger: number) {
  const measured = contest.measured();
  const [old, young] = [champion, challenger].map((id) => measured.find((entry) => entry.id === id));
  return [...(old?.values ?? [])].flatMap(([row, was]) => {
    const is = young?.values.get(row);
    return is === undefined ? [] : [{ was, is }];
  });
}
