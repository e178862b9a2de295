import { millisecondsOf } from '../../config/duration.ts';
import { PromptlineError } from '../../errors.ts';
import { isComposite } from '../../models/composite/references.ts';
import type { Model } from '../../models/model.ts';
import { openModel } from '../../models/registry.ts';
import type { InventoryPrompt, Production, ProductionUse } from '../../reports/dashboard/dashboard.ts';
import { type CountedUsers, openCountedUsers } from '../../rollout/counted-users.ts';
import { createTally } from '../../telemetry/irregularities.ts';
import { type WholeCall, wholeCalls } from '../../telemetry/join/whole-calls.ts';
import { userFeedback } from '../../telemetry/names.ts';
import { modelCache } from '../session.ts';
import { sourcesOf } from '../telemetry-sources.ts';
import type { Workspace } from '../workspace.ts';

/** A month, and a day more, so that a prompt without a call in a month can be told from telemetry that is younger. */
const LOOK_BACK = 31 * 86_400_000;

type Request = {
  readonly prompts: readonly InventoryPrompt[];
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly note: (problem: string) => void;
};

/** What telemetry has of the last 31 days, by prompt; null where none is configured. */
export async function readProduction(workspace: Workspace, request: Request): Promise<Production | null> {
  const sources = sourcesOf(workspace, request.environment);
  if (sources.length === 0) return null;
  const { now, note } = request;
  const [since, tally] = [now - LOOK_BACK, createTally()];
  const window = millisecondsOf(workspace.configuration.telemetry.joinWindow);
  const uses = new Map<string, Growing>();
  const priceOf = pricesOf(workspace, request);
  let unnamed = 0;
  const times = { from: Number.POSITIVE_INFINITY, to: 0 };
  for await (const whole of wholeCalls(sources, { since, now, window, details: true, tally })) {
    const { prompt, at } = whole.call;
    times.from = Math.min(times.from, at);
    times.to = Math.max(times.to, Math.min(at, now));
    if (prompt === null) unnamed += 1;
    else {
      const use = uses.get(prompt) ?? nothing();
      uses.set(prompt, use);
      count(use, whole, await priceOf(prompt, whole));
    }
  }
  for (const { kind, count: n, example } of tally.list()) note(`telemetry: ${n} ${kind} (${example})`);
  return {
    since: new Date(since).toISOString(),
    window:
      times.to === 0
        ? null
        : { from: new Date(times.from).toISOString(), to: new Date(times.to).toISOString() },
    unnamed,
    uses: [...uses].map(([prompt, use]) => useOf(prompt, use)),
  };
}

type Growing = {
  calls: number;
  failed: number;
  users: number;
  inputTokens: number;
  outputTokens: number;
  usd: number | null;
  said: number;
  disliked: number;
  last: number;
  readonly seen: ReturnType<typeof openCountedUsers>;
};

function nothing(): Growing {
  const nobody: CountedUsers = [];
  const sums = { calls: 0, failed: 0, users: 0, inputTokens: 0, outputTokens: 0, usd: 0 };
  return { ...sums, said: 0, disliked: 0, last: 0, seen: openCountedUsers(nobody) };
}

function count(use: Growing, { call, user, scores }: WholeCall, usd: number | null): void {
  use.calls += 1;
  if (call.failed) use.failed += 1;
  use.inputTokens += call.details?.inputTokens ?? 0;
  use.outputTokens += call.details?.outputTokens ?? 0;
  use.usd = use.usd === null || usd === null ? null : use.usd + usd;
  use.last = Math.max(use.last, call.at);
  if (user !== null && use.seen.add(user)) use.users += 1;
  const feedback = scores.get(userFeedback);
  // The first word of each user: who says much is not to outweigh the others. Nobody's can only be taken one by one.
  if (feedback !== undefined && (user === null || use.seen.add(`${user} ${userFeedback}`))) {
    use.said += 1;
    if (feedback < 0.5) use.disliked += 1;
  }
}

function useOf(
  prompt: string,
  { calls, failed, users, inputTokens, outputTokens, usd, said, disliked, last }: Growing,
): ProductionUse {
  const feedback = { users: said, disliked };
  const lastCall = new Date(last).toISOString();
  return { prompt, calls, failed, users, inputTokens, outputTokens, usd, feedback, lastCall };
}

/** What a call cost, by the price of the prompt's model where that is the one that was asked; null where it is not known. */
function pricesOf({ root, configuration }: Workspace, { prompts, environment }: Request) {
  const models = new Map(prompts.map(({ id, model }) => [id, model]));
  const prices = new Map<string, Promise<Model['usdOf']>>();
  return async (prompt: string, { call: { details } }: WholeCall): Promise<number | null> => {
    const reference = models.get(prompt);
    if (!reference || !details || details.inputTokens === null || details.outputTokens === null) return null;
    // Telemetry names a model without its provider.
    if (details.model !== reference && details.model !== reference.slice(reference.indexOf('/') + 1))
      return null;
    const context = {
      providers: configuration.providers,
      environment,
      cache: modelCache(environment),
      repositoryRoot: root,
      unasked: true,
    };
    const price = prices.get(reference) ?? priceOf(reference, context);
    prices.set(reference, price);
    return (await price)(details.inputTokens, details.outputTokens);
  };
}

async function priceOf(reference: string, context: Parameters<typeof openModel>[1]): Promise<Model['usdOf']> {
  const unknown = () => null;
  if (isComposite(reference)) return unknown;
  try {
    return (await openModel(reference, context)).usdOf;
  } catch (error) {
    if (!(error instanceof PromptlineError)) throw error;
    return unknown;
  }
}
