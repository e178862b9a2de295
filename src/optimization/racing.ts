/** How one candidate stands in the race. */
export type Racer = {
  readonly id: number;
  /** Dev rows it was measured on; always a beginning of the row order. */
  readonly rows: number;
  /** Its effect on the objective against the others; NaN when it could not be measured. */
  readonly effect: number;
};

/** Of each rung's candidates, one in this many goes on. */
const reduction = 3;

/** Row counts at which candidates are compared: a ninth, a third, then all rows of the dev split. */
export function rungs(rows: number): number[] {
  const counts = [Math.ceil(rows / reduction ** 2), Math.ceil(rows / reduction), rows];
  return [...new Set(counts.map((count) => Math.min(rows, Math.max(count, Math.min(rows, 5)))))];
}

/**
 * The next promotion of asynchronous successive halving (ASHA, Li et al. 2020), or null when a new candidate is due: the best
 * candidate of the highest rung that belongs to the upper third there and has not gone on yet.
 */
export function nextPromotion(
  racers: readonly Racer[],
  counts: readonly number[],
): { id: number; rows: number } | null {
  for (let rung = counts.length - 2; rung >= 0; rung--) {
    const [here, next] = [counts[rung] ?? 0, counts[rung + 1] ?? 0];
    const arrived = racers.filter((racer) => racer.rows >= here && !Number.isNaN(racer.effect));
    const places = Math.floor(arrived.length / reduction);
    const upper = [...arrived].sort(byEffect).slice(0, places);
    const due = upper.find((racer) => racer.rows < next);
    if (due) return { id: due.id, rows: next };
  }
  return null;
}

/** The candidates to be measured on every row at the end, best first. */
export function finalists(racers: readonly Racer[], count: number): Racer[] {
  return racers
    .filter((racer) => !Number.isNaN(racer.effect))
    .sort(byEffect)
    .slice(0, count);
}

/** Best effect first; on a tie the older candidate. */
export function byEffect(a: Racer, b: Racer): number {
  return b.effect - a.effect || a.id - b.id;
}
