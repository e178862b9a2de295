import { compete, finalCalls } from './race.ts';
import { byEffect } from './racing.ts';
import { reflectedInstructions } from './reflection.ts';
import { search } from './search.ts';
import type { Strategy } from './strategy.ts';

/** Share of the calls for instructions, before demonstrations are sought for the best of them. */
export const wordingShare = 0.5;
/** Instructions that go on into the search. */
const best = 3;

/**
 * Reflection on half of the calls, then the search over demonstrations and layouts with the best instructions it found; both race in
 * one contest. Needs a proposer.
 */
export const auto: Strategy = async (context) => {
  const { contest, calls, space } = context;
  const finals = finalCalls(contest.rowCount);
  const share = finals + Math.floor(wordingShare * (calls - finals));
  const ended = await compete({ ...context, calls: share }, reflectedInstructions(context));
  const found = contest
    .racers()
    .filter(({ effect }) => !Number.isNaN(effect))
    .sort(byEffect)
    .slice(0, best)
    .map(({ id }) => contest.choices(id).instruction);
  const isAnyFound = found.some((instruction) => instruction !== space.base.instruction);
  const instructions = isAnyFound ? [...new Set([...found, space.base.instruction])] : space.instructions;
  const outcome = await search({ ...context, space: { ...space, instructions } });
  const handedOn = isAnyFound
    ? `the ${instructions.length} best instructions`
    : 'no instruction better than the one it had';
  return {
    ...outcome,
    ended: `auto joined reflection and search: reflection ended as ${ended} and handed on ${handedOn}; search ended as ${outcome.ended}`,
  };
};
