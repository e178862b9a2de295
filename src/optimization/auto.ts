import { byEffect } from './racing.ts';
import { reflection } from './reflection.ts';
import { search } from './search.ts';
import type { Strategy } from './strategy.ts';

/** Share of the calls for instructions, before demonstrations are sought for the best of them. */
const wording = 0.5;
/** Instructions that go on into the search. */
const best = 3;

/**
 * Reflection on half of the calls, then the search over demonstrations and layouts with the best instructions it found; both race in
 * one contest. Needs a proposer; without one the search is all there is.
 */
export const auto: Strategy = async (context) => {
  const { contest, calls, space } = context;
  const words = await reflection({ ...context, calls: Math.floor(wording * calls) });
  const found = contest
    .racers()
    .filter(({ effect }) => !Number.isNaN(effect))
    .sort(byEffect)
    .slice(0, best)
    .map(({ id }) => contest.choices(id).instruction);
  const instructions = [...new Set([...found, space.base.instruction])];
  const outcome = await search({ ...context, space: { ...space, instructions } });
  return { ...outcome, ended: `reflection: ${words.ended}; search: ${outcome.ended}` };
};
