import { alternatives } from './alternatives.ts';
import { climb } from './climb.ts';
import { redrawings } from './redrawings.ts';
import { rewordings } from './rewordings.ts';
import type { Strategy } from './strategy.ts';

/**
 * Instructions that a model or the author wrote, and demonstrations and layouts that are drawn, in one climb: whichever gains more for its calls on
 * this task gets more of them. Needs a proposer.
 */
export const auto: Strategy = (context) =>
  climb(context, [rewordings(context), redrawings(context), alternatives(context)]);
