import type { CandidateTrace, Standing } from '../optimization/proposal.ts';

/** The best known dev score from a number of calls on. */
export type ProgressStep = { readonly calls: number; readonly mean: number; readonly candidate: number };

/**
 * The best dev score known at each moment of a search: the highest latest mean among candidates with at least half
 * the rows of the most measured one. A lucky start on a few rows is no lead.
 */
export function bestSoFar(candidates: readonly CandidateTrace[]): readonly ProgressStep[] {
  const latest = new Map<number, Standing>();
  const steps: ProgressStep[] = [];
  for (const { id, standing } of standingsByCalls(candidates)) {
    latest.set(id, standing);
    const best = { ...leader(latest), calls: standing.calls };
    const last = steps.at(-1);
    if (last?.mean === best.mean && last.candidate === best.candidate) continue;
    if (last?.calls === best.calls) steps.pop();
    steps.push(best);
  }
  return steps;
}

/** A step line's values at `count` evenly spaced points from the first step to `end`, both included. */
export function sampleSteps(steps: readonly ProgressStep[], end: number, count: number): readonly number[] {
  const [first] = steps;
  if (!first) return [];
  return Array.from({ length: count }, (_, index) => {
    const calls = first.calls + ((end - first.calls) * index) / (count - 1);
    return steps.findLast((step) => step.calls <= calls)?.mean ?? first.mean;
  });
}

/** A candidate's last dev score; null when nothing could be measured. */
export function finalStanding(candidate: CandidateTrace): Standing | null {
  return candidate.standings.at(-1) ?? null;
}

/** Candidates as a ranking: the picked one, then by rows and score. */
export function rankCandidates(candidates: readonly CandidateTrace[]): readonly CandidateTrace[] {
  const rows = (candidate: CandidateTrace) => finalStanding(candidate)?.rows ?? 0;
  const mean = (candidate: CandidateTrace) => finalStanding(candidate)?.mean ?? -1;
  const isPicked = (candidate: CandidateTrace) => Number(candidate.fate === 'picked');
  return candidates.toSorted(
    (a, b) => isPicked(b) - isPicked(a) || rows(b) - rows(a) || mean(b) - mean(a) || a.id - b.id,
  );
}

function standingsByCalls(candidates: readonly CandidateTrace[]) {
  return candidates
    .flatMap(({ id, standings }) => standings.map((standing) => ({ id, standing })))
    .sort((a, b) => a.standing.calls - b.standing.calls);
}

function leader(latest: ReadonlyMap<number, Standing>): { candidate: number; mean: number } {
  const mostRows = Math.max(...[...latest.values()].map((standing) => standing.rows));
  let best = { candidate: -1, mean: Number.NEGATIVE_INFINITY };
  for (const [candidate, { rows, mean }] of latest) {
    if (2 * rows >= mostRows && mean > best.mean) best = { candidate, mean };
  }
  return best;
}
