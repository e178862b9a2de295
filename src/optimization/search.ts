import { changeCandidate, type Draft, drawCandidate, freshDraft } from './candidate.ts';
import { observation } from './contest.ts';
import { race } from './race.ts';
import type { Strategy, StrategyContext } from './strategy.ts';
import { expectedImprovement, fitSurrogate } from './surrogate.ts';

/** Candidates drawn from the whole space before the surrogate has a say. */
const initial = 8;
/** Drafts among which expected improvement chooses. */
const drafts = 60;

/**
 * Joint search over demonstrations, wording and layout: asynchronous successive halving races candidates on growing parts of the
 * dev split, and after the first few, new candidates are changes of good ones or fresh draws chosen by the expected improvement of
 * a Gaussian-process surrogate, the pairing of BOHB (Falkner et al. 2018). Deterministic given the seed and the answers.
 */
export const search: Strategy = (context) => {
  // Candidates of another strategy that came first are none of its draws.
  const others = Math.max(0, context.contest.entries.length - 1);
  return race(context, {
    cost: 0,
    next: async (round) =>
      newcomer(context, round, others) ?? { ended: 'every candidate of the space was tried' },
  });
};

function newcomer(context: StrategyContext, round: number, others: number): number | null {
  const { space, contest, random } = context;
  for (let attempt = 0; attempt < 20; attempt++) {
    const count = contest.entries.length - others;
    const draft =
      count <= initial
        ? freshDraft(space, count - 1 + attempt * initial, random)
        : propose(context, random.fork(`round ${round} attempt ${attempt}`));
    const id = contest.enter(draft);
    if (id !== null) return id;
  }
  return null;
}

/** Of changes of the best candidates and fresh draws, the draft the surrogate expects most of. */
function propose({ space, contest, stratumOf }: StrategyContext, random: StrategyContext['random']): Draft {
  const measured = contest.measured();
  const belief = fitSurrogate(space, measured.map(observation));
  const means = measured.map((entry) => ({ id: entry.id, mean: belief(entry.draft.choices).mean }));
  const best = [...means].sort((a, b) => b.mean - a.mean || a.id - b.id);
  const parents = best.slice(0, 3).map(({ id }) => contest.parent(id, stratumOf));
  const pool = Array.from({ length: drafts }, (_, index) => {
    const parent = parents[index % (parents.length + 1)];
    const others = parents.filter((other) => other !== parent);
    return parent
      ? changeCandidate(space, parent, others, random)
      : drawCandidate(space, random.pick(space.sizes), random);
  });
  const incumbent = best[0]?.mean ?? 0;
  const scored = pool.map((draft) => ({
    draft,
    gain: expectedImprovement(belief(draft.choices), incumbent),
  }));
  scored.sort((a, b) => b.gain - a.gain);
  return scored[0]?.draft ?? drawCandidate(space, random.pick(space.sizes), random);
}
