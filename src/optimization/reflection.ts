import { climb } from './climb.ts';
import { rewordings } from './rewordings.ts';
import type { Strategy } from './strategy.ts';

/**
 * Reflective search over instructions: a model reads what the best candidate got wrong on training rows, and what the metrics said of
 * it, and writes a better instruction, as in GEPA (Agrawal et al. 2025, arXiv 2507.19457). Where GEPA draws its parents from a Pareto
 * front and measures each accepted candidate on the whole validation set, this one builds on the best and compares it with each
 * proposal on as few dev rows as it takes. Needs a proposer.
 */
export const reflection: Strategy = (context) => climb(context, [rewordings(context)]);
