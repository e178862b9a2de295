import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { normalCdf } from '../statistics/normal.ts';
import type { Choices } from './proposal.ts';
import type { SearchSpace } from './space.ts';

/** What is known of one candidate: values on dev rows by row index; null where the row could not be measured. */
export type Observations = { readonly choices: Choices; readonly values: ReadonlyMap<number, number> };

/** Belief about a candidate's effect on the objective, against the average candidate on the same rows. */
export type Belief = { readonly mean: number; readonly sd: number };

/** Least standard deviation assumed between candidates: one point of the objective is never ruled out. */
const leastSpread = 0.03;

/**
 * Gaussian-process regression of a candidate's effect on its choices (Rasmussen and Williams 2006, ch. 2), so that what
 * was learnt of one set of demonstrations informs on sets that share some. Noise is each candidate's own: its rows'
 * variance over their number.
 */
export function fitSurrogate(
  space: SearchSpace,
  observed: readonly Observations[],
): (choices: Choices) => Belief {
  const effects = candidateEffects(observed);
  const noise = observed.map(({ values }) => effects.rowVariance / Math.max(1, values.size));
  const spread = betweenVariance(effects.candidates, noise);
  const kernel = (a: Choices, b: Choices) => spread * similarity(space, a, b);
  const matrix = observed.map((a, row) =>
    observed.map(
      (b, column) => kernel(a.choices, b.choices) + (row === column ? (noise[row] ?? 0) + 1e-9 : 0),
    ),
  );
  const factor = new CholeskyDecomposition(new Matrix(matrix));
  const solve = (column: readonly number[]) => factor.solve(Matrix.columnVector([...column])).to1DArray();
  const weights = solve(effects.candidates);
  return (choices) => {
    const cross = observed.map((other) => kernel(choices, other.choices));
    const mean = dot(cross, weights);
    const variance = spread - dot(cross, solve(cross));
    return { mean, sd: Math.sqrt(Math.max(variance, 1e-12)) };
  };
}

/** Expected improvement over `best` (Jones et al. 1998), in points of the objective. */
export function expectedImprovement(belief: Belief, best: number): number {
  const z = (belief.mean - best) / belief.sd;
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  return (belief.mean - best) * normalCdf(z) + belief.sd * density;
}

/**
 * Candidate effects of the additive model value = row + candidate, by alternating least squares: candidates measured on
 * more rows, or on harder ones, stay comparable.
 */
export function candidateEffects(observed: readonly Observations[]): {
  candidates: number[];
  rowVariance: number;
} {
  const rows = new Set(observed.flatMap(({ values }) => [...values.keys()]));
  const rowEffect = new Map<number, number>();
  let candidates = observed.map(() => 0);
  for (let round = 0; round < 20; round++) {
    for (const row of rows) {
      const residuals = observed.flatMap(({ values }, index) => {
        const value = values.get(row);
        return value === undefined ? [] : [value - (candidates[index] ?? 0)];
      });
      rowEffect.set(row, average(residuals));
    }
    const effects = observed.map(({ values }) =>
      average([...values].map(([row, value]) => value - (rowEffect.get(row) ?? 0))),
    );
    const center = average(effects);
    candidates = effects.map((effect) => effect - center);
  }
  const squares = observed.flatMap(({ values }, index) =>
    [...values].map(([row, value]) => (value - (rowEffect.get(row) ?? 0) - (candidates[index] ?? 0)) ** 2),
  );
  return { candidates, rowVariance: Math.max(average(squares), 1e-4) };
}

/**
 * Likeness of two sets of choices in [0, 1]: shared demonstrations (cosine), their number, the wording and the layout.
 * A sum of positive-definite kernels, so positive definite.
 */
export function similarity(space: SearchSpace, a: Choices, b: Choices): number {
  const set = new Set(a.demonstrations);
  const shared = b.demonstrations.filter((id) => set.has(id)).length;
  const overlap = (shared + 1) / Math.sqrt((a.demonstrations.length + 1) * (b.demonstrations.length + 1));
  const largest = Math.max(1, space.sizes.at(-1) ?? 1);
  const distance = (a.demonstrations.length - b.demonstrations.length) / largest;
  const size = Math.exp(-(distance ** 2) / (2 * 0.25 ** 2));
  const wording = a.instruction === b.instruction ? 1 : 0;
  const layout = a.layout === b.layout ? 1 : 0;
  return 0.4 * overlap + 0.3 * size + 0.2 * wording + 0.1 * layout;
}

function betweenVariance(effects: readonly number[], noise: readonly number[]): number {
  const variance = average(effects.map((effect) => effect ** 2));
  return Math.max(variance - average(noise), leastSpread ** 2);
}

function average(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}
