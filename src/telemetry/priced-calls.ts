import type { Tally } from './irregularities.ts';
import { type Call, describeSignal, type Signal } from './signal.ts';

/** What a call of a model with so many tokens costs, in US dollars. */
export type Price = (inputTokens: number, outputTokens: number) => number;

/** The price of a model, `provider/model`; null where it is not known. */
export type PriceOf = (model: string) => Promise<Price | null>;

/**
 * The signals with what each call of a prompt cost, by its own tokens and the price of its model. Details of calls are let go: they are far
 * larger than the rest, and calls wait for their users in memory.
 *
 * @param tally is told of calls whose cost is not known; null: nobody is
 */
export async function priced(
  signals: readonly Signal[],
  options: { readonly prompt: string; readonly priceOf: PriceOf; readonly tally: Tally | null },
): Promise<readonly Signal[]> {
  const known: Signal[] = [];
  for (const signal of signals) {
    if (signal.kind !== 'call') known.push(signal);
    else {
      const usd = signal.prompt === options.prompt ? await usdOf(signal, options) : null;
      known.push({ ...signal, details: null, usd });
    }
  }
  return known;
}

async function usdOf(
  call: Call,
  { priceOf, tally }: { readonly priceOf: PriceOf; readonly tally: Tally | null },
): Promise<number | null> {
  const { provider = null, model = null, inputTokens = null, outputTokens = null } = call.details ?? {};
  if (inputTokens === null || outputTokens === null) {
    // A call that failed seldom says what it took.
    if (!call.failed) tally?.add('without tokens', describeSignal(call));
    return null;
  }
  const price = provider === null || model === null ? null : await priceOf(`${provider}/${model}`);
  if (price === null)
    tally?.add('without price', `${provider ?? 'unknown provider'}/${model ?? 'unknown model'}`);
  return price?.(inputTokens, outputTokens) ?? null;
}
