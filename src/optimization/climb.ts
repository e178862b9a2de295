import { affords, duelCost, duelRungs, type Evidence, fight } from './duel.ts';
import { shortenings } from './shortenings.ts';
import type { StrategyContext, StrategyOutcome } from './strategy.ts';

/** A candidate that was entered against the champion, with what is known of it already. */
export type Challenger = {
  readonly id: number;
  /** From rows outside the dev split; null where there is none. */
  readonly trial: Evidence | null;
};

/** Where challengers come from. */
export type Challengers = {
  /** Calls that making one may take, its duel not counted. */
  readonly cost: number;
  /** Whether it makes them from the champion's mistakes. */
  readonly isInformed: boolean;
  /** A challenger of the champion; null for an attempt that gave none; or why there will be no more. */
  next(champion: number, round: number): Promise<Challenger | null | { readonly ended: string }>;
};

/** Challengers that lose one after another before the next duels begin with twice the rows. */
const patience = 4;

/**
 * Hill climbing: the best candidate so far, the champion, is challenged by changes of it, one after another, in duels on the dev
 * split that go on only as far as it takes. When its challengers keep losing, what they lost on may be the luck of the first rows:
 * duels begin with more of them, and each sentence of the champion that helps nothing is taken out.
 *
 * With several sources, the one that won most duels for its calls of late gives the next challenger.
 */
export async function climb(
  context: StrategyContext,
  sources: readonly Challengers[],
): Promise<StrategyOutcome> {
  const { contest, space } = context;
  const rungs = duelRungs(contest.rowCount);
  const [first = contest.rowCount] = rungs;
  const base = contest.enter({ choices: space.base, parent: null, why: 'the prompt as it was' });
  await contest.advance(base ?? 0, first);
  if (contest.measured().length === 0)
    return { picked: null, ended: 'the prompt as it was could not be measured' };

  const shorter = shortenings(contest);
  const ledgers: Ledger[] = sources.map((source) => ({
    source,
    won: source.isInformed ? informedWins : 0,
    spent: 0,
    ended: null,
  }));
  let champion = await bestStart(context, first);
  let lost = 0;
  const outcome = (...ended: string[]) => {
    const sourcesEnded = ledgers.flatMap(({ ended: why }) => why ?? []);
    return { picked: champion === 0 ? null : champion, ended: [...ended, ...sourcesEnded].join('; ') };
  };
  for (let round = 0; ; round++) {
    context.signal?.throwIfAborted();
    const shortened = lost >= patience ? shorter(champion) : null;
    if (shortened !== null) {
      const cost = duelCost(contest, champion, first);
      if (!affords(context, cost)) return outcome(whyEnded(context, cost));
      const duel = { champion, challenger: shortened.id, trial: null, from: 0, isShorter: true };
      if (await fight(context, duel)) {
        champion = shortened.id;
        lost = Math.floor(lost / 2);
      }
      continue;
    }
    const ledger = mostPromising(ledgers);
    if (!ledger) return outcome();
    const wanted = Math.min(Math.floor(lost / patience), rungs.length - 1);
    const costFrom = (from: number) => ledger.source.cost + duelCost(contest, champion, rungs[from] ?? first);
    const from = [...rungs.keys()].slice(0, wanted + 1).findLast((rung) => affords(context, costFrom(rung)));
    if (from === undefined) return outcome(whyEnded(context, costFrom(0)));
    const before = contest.calls;
    const made = await ledger.source.next(champion, round);
    let isWon = false;
    if (made !== null && 'ended' in made) ledger.ended = made.ended;
    else if (made !== null) {
      isWon = await fight(context, { champion, challenger: made.id, trial: made.trial, from });
      lost = isWon ? Math.floor(lost / 2) : lost + 1;
      if (isWon) champion = made.id;
    }
    ledger.won = memory * ledger.won + (isWon ? 1 : 0);
    ledger.spent = memory * ledger.spent + contest.calls - before;
  }
}

/** The best of the prompt as it was and what was learnt elsewhere, each challenging the best so far. */
async function bestStart(context: StrategyContext, firstRows: number): Promise<number> {
  const { contest, starts = [] } = context;
  let champion = 0;
  for (const start of starts) {
    if (!affords(context, duelCost(contest, champion, firstRows))) break;
    const challenger = contest.enter(start);
    if (challenger === null) continue;
    if (await fight(context, { champion, challenger, trial: null, from: 0 })) champion = challenger;
  }
  return champion;
}

type Ledger = { readonly source: Challengers; won: number; spent: number; ended: string | null };

/** Of duels won and calls spent, each further attempt counts so much of the one before. */
const memory = 0.9;
/** What one that makes challengers from mistakes is taken to have won besides: the others win at first by luck where nothing is to be won. */
const informedWins = 1;
/** What a source is taken to have won, with so many calls, before it is tried: enough to be tried. */
const [hopedWins, hopedCalls] = [0.5, 40];

/** The source that wins the most duels for its calls; of equals the first. Undefined when all have ended. */
function mostPromising(ledgers: readonly Ledger[]): Ledger | undefined {
  const worth = ({ won, spent }: Ledger) => (won + hopedWins) / (spent + hopedCalls);
  return ledgers
    .filter(({ ended }) => ended === null)
    .reduce<Ledger | undefined>(
      (best, each) => (best && worth(best) >= worth(each) ? best : each),
      undefined,
    );
}

function whyEnded({ exhausted }: StrategyContext, calls: number): string {
  return exhausted(calls) ?? 'the budget of calls was used';
}
