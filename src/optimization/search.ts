import { changeCandidate, type Draft, drawCandidate, freshDraft } from './candidate.ts';
import { type Contest, observation } from './contest.ts';
import { byEffect, finalists, nextPromotion, rungs } from './racing.ts';
import type { Strategy, StrategyContext } from './strategy.ts';
import { expectedImprovement, fitSurrogate } from './surrogate.ts';

/** Candidates drawn from the whole space before the surrogate has a say. */
const initial = 8;
/** Drafts among which expected improvement chooses. */
const drafts = 60;
/** Candidates measured on the whole dev split before one is picked. */
const finalistCount = 2;

/**
 * Joint search over demonstrations, wording and layout: asynchronous successive halving (ASHA) races candidates on growing
 * parts of the dev split, and after the first few, new candidates are changes of good ones or fresh draws chosen by the expected
 * improvement of a Gaussian-process surrogate, the pairing of BOHB (Falkner et al. 2018). Deterministic given the seed and the answers.
 */
export const search: Strategy = async (context) => {
  const { space, contest, calls, exhausted } = context;
  const counts = rungs(contest.rowCount);
  contest.enter({ choices: space.base, parent: null, why: 'the prompt as it was' });
  let ended = 'the budget of calls was used';
  for (let round = 0; ; round++) {
    const job = nextJob(context, counts, round);
    if (!job) {
      ended = 'every candidate of the space was tried';
      break;
    }
    const cost = costOf(contest, job);
    const reason = exhausted(cost);
    if (reason) {
      ended = reason;
      break;
    }
    if (contest.calls + cost + costOfFinals(contest, job) > calls) break;
    await contest.advance(job.id, job.rows);
  }
  for (const racer of finalists(contest.racers(), finalistCount)) {
    const cost = contest.rowCount - racer.rows;
    if (exhausted(cost) === null && contest.calls + cost <= calls) {
      await contest.advance(racer.id, contest.rowCount);
    }
  }
  return { picked: pick(contest), ended };
};

type Job = { readonly id: number; readonly rows: number };

/** A promotion when one is due, the base first of all, else a new candidate; null when the space gives no new one. */
function nextJob(context: StrategyContext, counts: readonly number[], round: number): Job | null {
  const { space, contest, random } = context;
  const rows = counts[0] ?? contest.rowCount;
  if (round === 0) return { id: 0, rows };
  const promotion = nextPromotion(contest.racers(), counts);
  if (promotion) return promotion;
  for (let attempt = 0; attempt < 20; attempt++) {
    const count = contest.entries.length;
    const draft =
      count <= initial
        ? freshDraft(space, count - 1 + attempt * initial, random)
        : propose(context, random.fork(`round ${round} attempt ${attempt}`));
    const id = contest.enter(draft);
    if (id !== null) return { id, rows };
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

function costOf(contest: Contest, job: Job): number {
  return job.rows - (contest.entries[job.id]?.rows ?? 0);
}

/**
 * Calls that bring the finalists to every row once the job is done, kept back, so that the pick never rests on a few rows.
 * The job's candidate may take a finalist's place: of the two the one that lacks more rows counts.
 */
function costOfFinals(contest: Contest, job: Job): number {
  const racers = contest.racers();
  const others = finalists(
    racers.filter(({ id }) => id !== job.id),
    finalistCount,
  ).map(({ rows }) => rows);
  const lacking = [...others, job.rows].map((rows) => contest.rowCount - rows).sort((a, b) => b - a);
  const unknown = Math.max(0, finalistCount - lacking.length) * contest.rowCount;
  return lacking.slice(0, finalistCount).reduce((sum, rows) => sum + rows, unknown);
}

/** The best of those measured on every row; null when that is the prompt as it was. */
function pick(contest: Contest): number | null {
  const racers = contest.racers().filter((racer) => !Number.isNaN(racer.effect));
  const rows = Math.max(0, ...racers.map((racer) => racer.rows));
  const [best] = racers.filter((racer) => racer.rows === rows).sort(byEffect);
  return best && best.id !== 0 ? best.id : null;
}
