import type { InventoryPrompt, Production, ProductionUse } from '../../reports/dashboard/dashboard.ts';
import { type CountedUsers, openCountedUsers } from '../../rollout/counted-users.ts';
import type { WholeCall } from '../../telemetry/join/whole-calls.ts';
import { userFeedback } from '../../telemetry/names.ts';
import type { Listener } from '../monitor.ts';
import { openPrices } from '../prices.ts';
import type { Workspace } from '../workspace.ts';

/** A month, and a day more, so that a prompt without a call in a month can be told from telemetry that is younger. */
const LOOK_BACK = 31 * 86_400_000;

type Request = {
  readonly prompts: readonly InventoryPrompt[];
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
};

/** Collects what telemetry has of the last 31 days, by prompt. */
export function collectProduction(
  workspace: Workspace,
  request: Request,
): Listener & { production(): Production } {
  const { now } = request;
  const since = now - LOOK_BACK;
  const uses = new Map<string, Growing>();
  const costOf = costsOf(workspace, request);
  let unnamed = 0;
  const times = { from: Number.POSITIVE_INFINITY, to: 0 };
  return {
    since,
    async add(whole) {
      const { prompt, at } = whole.call;
      times.from = Math.min(times.from, at);
      times.to = Math.max(times.to, Math.min(at, now));
      if (prompt === null) unnamed += 1;
      else {
        const use = uses.get(prompt) ?? nothing();
        uses.set(prompt, use);
        count(use, whole, await costOf(prompt, whole));
      }
    },
    production: () => ({
      since: new Date(since).toISOString(),
      window:
        times.to === 0
          ? null
          : { from: new Date(times.from).toISOString(), to: new Date(times.to).toISOString() },
      unnamed,
      uses: [...uses].map(([prompt, use]) => useOf(prompt, use)),
    }),
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
function costsOf(workspace: Workspace, { prompts, environment }: Request) {
  const models = new Map(prompts.map(({ id, model }) => [id, model]));
  const priceOf = openPrices({ environment }, workspace);
  return async (prompt: string, { call: { details } }: WholeCall): Promise<number | null> => {
    const reference = models.get(prompt);
    if (!reference || !details || details.inputTokens === null || details.outputTokens === null) return null;
    // Telemetry names a model without its provider.
    if (details.model !== reference && details.model !== reference.slice(reference.indexOf('/') + 1))
      return null;
    const price = await priceOf(reference);
    return price?.(details.inputTokens, details.outputTokens) ?? null;
  };
}
