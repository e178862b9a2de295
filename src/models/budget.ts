import { inputError } from '../errors.ts';
import { asking, type Completion, type Model, ModelError } from './model.ts';
import { addCompletion, addUsage, noUsage, type Usage } from './usage.ts';

/** What a run may use; a limit that is left out does not exist. */
export type BudgetLimits = {
  readonly calls?: number | undefined;
  /** Input and output together. */
  readonly tokens?: number | undefined;
  readonly usd?: number | undefined;
  /** Wall clock, from the creation of the budget. */
  readonly minutes?: number | undefined;
};

export type LimitName = keyof BudgetLimits;

/** One budget for all models of a run. */
export type Budget = {
  readonly limits: BudgetLimits;
  /** How its limits are spoken of: a run's are its budget, those of a part of the run its share. */
  readonly name: 'budget' | 'share';
  /** So far. A call that failed counts: a model that always fails must reach the limit too. */
  readonly spent: Usage;
  /** Since the creation of the budget. */
  elapsedMinutes(): number;
  /** Infinity without a limit of calls. */
  remainingCalls(): number;
  /**
   * Asks, unless a limit is reached.
   * @param concurrency of the model that is asked
   * @throws {BudgetReached} before asking
   */
  spend(concurrency: number, ask: () => Promise<Completion>): Promise<Completion>;
};

/** A limit of the budget is reached: the run ends with what it has. */
export class BudgetReached extends ModelError {
  override name = 'BudgetReached';
  readonly limit: LimitName;
  readonly spent: Usage;

  constructor(limit: LimitName, limits: BudgetLimits, spent: Usage, name: Budget['name'] = 'budget') {
    super(`The ${name} of ${limits[limit]} ${limit} is reached (${describeSpent(spent)})`, {
      fatal: true,
      attempts: 0,
      hint: 'Raise the limit and run the same command again: answers so far are kept and cost nothing',
    });
    this.limit = limit;
    this.spent = spent;
  }
}

/** Totals over an unbroken run of calls, in the order they were asked. */
type Totals = { readonly tokens: number; readonly usd: number };

const NOTHING: Totals = { tokens: 0, usd: 0 };
/** The most requests at once for which the order of calls is remembered. */
const LARGEST_CONCURRENCY = 1000;

/**
 * Makes a budget.
 *
 * Stored answers count like new ones, so a resumed run reaches each limit at the same place as one that was
 * never killed; real spending can only be lower. For the same reason the decision about call k looks at the
 * answers of calls 1 to k - c, c being the model's concurrency, and waits for them: which of the later ones
 * happen to have arrived is chance. A limit of tokens or dollars may thus be passed by at most c calls,
 * which run to their end: they are paid for.
 * @param now milliseconds
 * @throws {PromptlineError} for a limit that is not above zero
 */
export function createBudget(
  limits: BudgetLimits,
  now: () => number,
  name: Budget['name'] = 'budget',
): Budget {
  for (const name of ['calls', 'tokens', 'usd', 'minutes'] as const) refuseEmpty(name, limits[name]);
  const started = now();
  const deadline = started + (limits.minutes ?? Number.POSITIVE_INFINITY) * 60_000;
  let spent: Usage = noUsage;
  let admitted = 0;
  /** For each recent call, the totals up to and including it, once it and all before it are done. */
  const totals: Promise<Totals>[] = [];

  const dependsOnAnswers = limits.tokens !== undefined || limits.usd !== undefined;

  const refuse = (limit: LimitName) => new BudgetReached(limit, limits, spent, name);

  const askCounted = async (before: Promise<Totals> | undefined, ask: () => Promise<Completion>) => {
    const { tokens, usd } = (await before) ?? NOTHING;
    if (limits.tokens !== undefined && tokens >= limits.tokens) throw refuse('tokens');
    if (limits.usd !== undefined && usd >= limits.usd) throw refuse('usd');
    if (now() >= deadline) throw refuse('minutes');
    try {
      const completion = await ask();
      spent = addCompletion(spent, completion);
      return completion;
    } catch (error) {
      const retries = error instanceof ModelError ? Math.max(0, error.attempts - 1) : 0;
      spent = addUsage(spent, { ...noUsage, calls: 1, retries });
      throw error;
    }
  };

  return {
    limits,
    name,
    get spent() {
      return spent;
    },
    elapsedMinutes: () => (now() - started) / 60_000,
    remainingCalls: () => (limits.calls ?? Number.POSITIVE_INFINITY) - admitted,
    async spend(concurrency, ask) {
      if (limits.calls !== undefined && admitted >= limits.calls) throw refuse('calls');
      admitted += 1;
      const answer = askCounted(totals.at(-concurrency), ask);
      if (dependsOnAnswers) totals.push(addTo(totals.at(-1), answer));
      if (totals.length > LARGEST_CONCURRENCY) totals.shift();
      const completion = await answer;
      if (limits.usd !== undefined && completion.usd === null) throw unknownPrice();
      return completion;
    },
  };
}

/** Every request of the model is charged to the budget. Wrap a model that is already behind the answer store. */
export function withBudget(model: Model, budget: Budget): Model {
  const concurrency = Math.min(model.concurrency, LARGEST_CONCURRENCY);
  return asking(model, (request, signal) => budget.spend(concurrency, () => model.complete(request, signal)));
}

function refuseEmpty(name: LimitName, limit: number | undefined): void {
  if (limit === undefined || limit > 0) return;
  throw inputError(
    `A budget of ${limit} ${name} allows nothing`,
    'Give a number above zero, or leave the limit out',
  );
}

async function addTo(before: Promise<Totals> | undefined, answer: Promise<Completion>): Promise<Totals> {
  const { tokens, usd } = (await before) ?? NOTHING;
  const completion = await answer.catch(() => undefined);
  if (!completion) return { tokens, usd };
  return {
    tokens: tokens + completion.inputTokens + completion.outputTokens,
    usd: usd + (completion.usd ?? 0),
  };
}

function unknownPrice(): ModelError {
  return new ModelError('A budget in dollars needs the price of the model, which is not known', {
    fatal: true,
    kind: 'input',
    attempts: 0,
    hint: 'Name it as `price: { input, output }` (dollars for a million tokens) of the provider in promptline.yaml',
  });
}

function describeSpent(spent: Usage): string {
  const tokens = `${spent.inputTokens + spent.outputTokens} tokens`;
  const usd = spent.usd === null ? 'unknown costs' : `$${spent.usd.toFixed(4)}`;
  return `answered so far: ${spent.calls} calls, ${spent.cached} of them from the store; ${tokens}; ${usd}`;
}
