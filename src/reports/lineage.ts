import type { CandidateTrace, Standing } from '../optimization/proposal.ts';

/** A candidate and the one it was made from, as points of the search: `from` is never after `to`. */
export type LineageEdge = {
  readonly parent: CandidateTrace;
  readonly child: CandidateTrace;
  /** What was known of the parent when the child was first measured. */
  readonly from: Standing;
  /** The child's first standing. */
  readonly to: Standing;
};

/** Steps that are told; a longer line of descent leaves out its middle. */
const MOST_STEPS = 6;

/** The pick's ancestors and the pick, oldest first; empty where none was picked. Ends, whatever parents a file names. */
export function descentOf(candidates: readonly CandidateTrace[]): readonly CandidateTrace[] {
  const byId = new Map(candidates.map((candidate) => [candidate.id, candidate]));
  const line = new Set<CandidateTrace>();
  let current = candidates.find(({ fate }) => fate === 'picked');
  while (current && !line.has(current)) {
    line.add(current);
    current = current.parent === null ? undefined : byId.get(current.parent);
  }
  return [...line].reverse();
}

/** Every candidate that was made from another and measured after it. */
export function lineageEdges(candidates: readonly CandidateTrace[]): readonly LineageEdge[] {
  const byId = new Map(candidates.map((candidate) => [candidate.id, candidate]));
  return candidates.flatMap((child): LineageEdge[] => {
    const parent = child.parent === null ? undefined : byId.get(child.parent);
    const [to] = child.standings;
    const from = to && parent?.standings.findLast(({ calls }) => calls <= to.calls);
    return from && parent && parent !== child ? [{ parent, child, from, to }] : [];
  });
}

/** `candidate 7: 3 reworded; candidate 3: 0 reworded; candidate 0: the prompt as it was`; null where none was picked. Raw text. */
export function describeDescent(candidates: readonly CandidateTrace[]): string | null {
  const line = descentOf(candidates).toReversed();
  if (line.length === 0) return null;
  const steps = line.map(({ id, why }) => `candidate ${id}: ${why}`);
  const missing = steps.length - MOST_STEPS;
  if (missing <= 0) return steps.join('; ');
  const told = steps.toSpliced(MOST_STEPS - 1, missing, `${missing} more in between`);
  return told.join('; ');
}
