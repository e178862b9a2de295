import { type Budget, createBudget, withBudget } from '../models/budget.ts';
import { asking, type Model, ModelError } from '../models/model.ts';
import { shareOf, type Taken, type Waiting } from '../models/shares.ts';
import type { Session } from './session.ts';

/** What one part of a run may use: models that are charged to its share of the budget as well as to the run's. */
export type Share = Pick<Session, 'budget' | 'model' | 'tools'>;

/** What came of the parts of a run, in their order; those that did not end are left out. */
export type SharedRun<R> = {
  readonly results: readonly R[];
  /** What ended the run before all parts were done. */
  readonly failure: { readonly error: unknown } | null;
};

type Under = {
  /** Parts at once. */
  readonly atOnce: number;
  /** Milliseconds. */
  readonly now: () => number;
};

/**
 * Runs the parts of a run, each within its share of the session's limits. Part k starts when all up to k - `atOnce` have ended, and its
 * share goes by what those used: answers decide it, not which of several parts happened to end first. After the first failure no part
 * starts and those under way ask nothing new; it is told once their open requests have been answered and stored.
 */
export async function runShared<T, R>(
  parts: readonly T[],
  session: Pick<Session, 'budget' | 'through'>,
  { atOnce, now }: Under,
  run: (part: T, share: Share) => Promise<R>,
): Promise<SharedRun<R>> {
  const failures: { readonly error: unknown }[] = [];
  const budgets: Budget[] = [];
  const runs: Promise<R | null>[] = [];
  const stopped = () => failures.length > 0;
  const guarded = async (part: T, share: Share): Promise<R | null> => {
    try {
      return await run(part, share);
    } catch (error) {
      failures.push({ error });
      return null;
    }
  };
  for (const [index, part] of parts.entries()) {
    const ended = Math.max(0, index - atOnce + 1);
    await Promise.all(runs.slice(0, ended));
    if (stopped()) break;
    const waiting = { parts: parts.length - index, atOnce };
    const budget = nextBudget(session.budget, budgets, { ended, waiting, now });
    budgets.push(budget);
    runs.push(guarded(part, shareWith(session, budget, stopped)));
  }
  const results = await Promise.all(runs);
  return { results: results.filter((result) => result !== null), failure: failures[0] ?? null };
}

/** The budget of the part that starts next; a single part has the whole one. */
function nextBudget(
  whole: Budget,
  before: readonly Budget[],
  { ended, waiting, now }: { ended: number; waiting: Waiting; now: () => number },
): Budget {
  if (before.length === 0 && waiting.parts === 1) return whole;
  const taken = takenBy(before, ended, whole.elapsedMinutes());
  return createBudget(shareOf(whole.limits, taken, waiting), now, 'share');
}

function shareWith(
  session: Pick<Session, 'budget' | 'through'>,
  budget: Budget,
  stopped: () => boolean,
): Share {
  const isWhole = budget === session.budget;
  const wrap = (model: Model) => {
    const untilStopped = refusingWhen(stopped, model);
    return isWhole ? untilStopped : withBudget(untilStopped, budget);
  };
  return { budget, ...session.through(wrap) };
}

/** The model until the run is stopped; open requests end as they would. */
function refusingWhen(stopped: () => boolean, model: Model): Model {
  return asking(model, async (request, signal) => {
    if (stopped()) {
      throw new ModelError('The run was stopped by a failure elsewhere', { fatal: true, attempts: 0 });
    }
    return model.complete(request, signal);
  });
}

/** What the first `ended` parts used and what was promised to those that have not ended. */
function takenBy(budgets: readonly Budget[], ended: number, minutes: number): Taken {
  const used = budgets.map(({ limits, spent }, index) => {
    const isOver = index < ended;
    const tokens = spent.inputTokens + spent.outputTokens;
    return {
      tokens: isOver ? tokens : (limits.tokens ?? 0),
      usd: isOver ? (spent.usd ?? 0) : (limits.usd ?? 0),
    };
  });
  return {
    tokens: used.reduce((sum, each) => sum + each.tokens, 0),
    usd: used.reduce((sum, each) => sum + each.usd, 0),
    minutes,
  };
}
