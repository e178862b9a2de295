import type { Completion } from './model.ts';

/** What the answers of one model cost. */
export type MemberUsage = {
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

/** What answers cost. */
export type Usage = MemberUsage & {
  /** Of several models that answered as one: each of them, by its id. A call counts once above and for each model here. */
  readonly members?: Readonly<Record<string, MemberUsage>>;
};

export const noUsage: Usage = { calls: 0, cached: 0, inputTokens: 0, outputTokens: 0, usd: 0, retries: 0 };

/** What an answer took, without its text. */
export type AnswerFacts = Omit<Completion, 'text' | 'finishReason'>;

/** Usage with one more answer. */
export function addCompletion(usage: Usage, completion: AnswerFacts): Usage {
  return addUsage(usage, usageOf(completion));
}

/** What one answer cost. */
export function usageOf({ cached, inputTokens, outputTokens, usd, attempts, members }: AnswerFacts): Usage {
  return {
    calls: 1,
    cached: cached ? 1 : 0,
    inputTokens,
    outputTokens,
    usd,
    retries: attempts - 1,
    ...(members && { members }),
  };
}

/** The sum; dollars are unknown as soon as one price is. */
export function addUsage(a: Usage, b: Usage): Usage {
  const members = addMembers(a.members, b.members);
  return {
    calls: a.calls + b.calls,
    cached: a.cached + b.cached,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    usd: a.usd === null || b.usd === null ? null : a.usd + b.usd,
    retries: a.retries + b.retries,
    ...(members && { members }),
  };
}

/** The sum for each model; undefined for neither. */
export function addMembers(a: Usage['members'], b: Usage['members']): Usage['members'] {
  if (!a || !b) return a ?? b;
  const sum = { ...a };
  for (const [id, usage] of Object.entries(b)) sum[id] = addUsage(sum[id] ?? noUsage, usage);
  return sum;
}
