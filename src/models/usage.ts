import type { Completion } from './model.ts';

/** What answers cost. */
export type Usage = {
  readonly calls: number;
  /** Of the calls, those answered from the store. */
  readonly cached: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Null when the price of any call is not known. */
  readonly usd: number | null;
  /** Requests beyond the first of each call. */
  readonly retries: number;
};

export const noUsage: Usage = { calls: 0, cached: 0, inputTokens: 0, outputTokens: 0, usd: 0, retries: 0 };

/** What an answer took, without its text. */
export type AnswerFacts = Omit<Completion, 'text' | 'finishReason'>;

/** Usage with one more answer. */
export function addCompletion(usage: Usage, completion: AnswerFacts): Usage {
  return addUsage(usage, {
    calls: 1,
    cached: completion.cached ? 1 : 0,
    inputTokens: completion.inputTokens,
    outputTokens: completion.outputTokens,
    usd: completion.usd,
    retries: completion.attempts - 1,
  });
}

/** The sum; dollars are unknown as soon as one price is. */
export function addUsage(a: Usage, b: Usage): Usage {
  return {
    calls: a.calls + b.calls,
    cached: a.cached + b.cached,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    usd: a.usd === null || b.usd === null ? null : a.usd + b.usd,
    retries: a.retries + b.retries,
  };
}
