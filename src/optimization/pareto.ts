import type { Random } from '../statistics/random.ts';

/** A candidate's values by row, one for each objective; NaN where an objective does not apply. */
export type Vectors = { readonly id: number; readonly vectors: ReadonlyMap<number, readonly number[]> };

/** Values nearer than this are equal: they come from different orders of summation. */
const TIE = 1e-9;

/**
 * How often each candidate is the best on a row by an objective: the front over rows and objectives of GEPA (Agrawal et al. 2025,
 * arXiv 2507.19457). A candidate that is best nowhere is not on the front; one that is best only where a single other candidate
 * is best too, and not everywhere that one is, is dominated by it and is left out.
 *
 * @returns candidates on the front with the number of their best places, at least 1
 */
export function paretoFront(candidates: readonly Vectors[]): Map<number, number> {
  const places = bestPlaces(candidates);
  const wins = new Map<number, Set<string>>();
  for (const [place, ids] of places) {
    for (const id of ids) {
      const won = wins.get(id) ?? new Set();
      won.add(place);
      wins.set(id, won);
    }
  }
  const isDominated = (id: number, won: ReadonlySet<string>) =>
    [...wins].some(
      ([other, theirs]) =>
        other !== id && theirs.size > won.size && [...won].every((place) => theirs.has(place)),
    );
  const front = [...wins].filter(([id, won]) => !isDominated(id, won)).sort(([a], [b]) => a - b);
  return new Map(front.map(([id, won]) => [id, won.size]));
}

/** A candidate of the front, the likelier the more places it is the best at. Throws RangeError for an empty front. */
export function drawFromFront(front: ReadonlyMap<number, number>, random: Random): number {
  return random.pick([...front].flatMap(([id, count]) => Array.from({ length: count }, () => id)));
}

/** The best candidates at each place, a row and an objective; places that only one candidate has seen say nothing beside others. */
function bestPlaces(candidates: readonly Vectors[]): Map<string, number[]> {
  const seen = new Map<string, { id: number; value: number }[]>();
  for (const { id, vectors } of candidates) {
    for (const [row, values] of vectors) {
      for (const [objective, value] of values.entries()) {
        if (Number.isNaN(value)) continue;
        const place = `${row} ${objective}`;
        const all = seen.get(place) ?? [];
        all.push({ id, value });
        seen.set(place, all);
      }
    }
  }
  const shared = [...seen].filter(([, all]) => all.length > 1);
  return new Map(
    (shared.length > 0 ? shared : [...seen]).map(([place, all]) => {
      const best = Math.max(...all.map(({ value }) => value));
      return [place, all.filter(({ value }) => value >= best - TIE).map(({ id }) => id)];
    }),
  );
}
