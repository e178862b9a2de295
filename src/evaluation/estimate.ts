import type { Example } from '../datasets/dataset.ts';
import type { CompletionRequest } from '../models/model.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { renderMessages } from '../prompts/render.ts';

/** What an evaluation would ask, before it asks. */
export type Estimate = {
  readonly calls: number;
  /** Of the calls, those with a stored answer; null where that is not known. */
  readonly stored: number | null;
  /** Of the calls that are not stored. Estimated at four characters a token, which for English prose is right within a fifth. */
  readonly inputTokens: number;
  /** `expected` as the model's stored answers were on average; without one, as many as allowed. */
  readonly outputTokens: { readonly expected: number | null; readonly most: number | null };
  /** US dollars; null when the price, or the number of tokens, is not known. */
  readonly usd: { readonly expected: number | null; readonly most: number | null };
};

export const CHARACTERS_PER_TOKEN = 4;

/** What an estimate needs to know of a model. */
export type Preview = {
  stored(request: CompletionRequest): boolean | null;
  usdOf(inputTokens: number, outputTokens: number): number | null;
  readonly meanOutputTokens: number | null;
};

/** Estimates the measurement of a prompt on examples, `repeats` times each. */
export function estimate(
  prompt: Prompt,
  examples: Iterable<Example>,
  repeats: number,
  preview: Preview,
): Estimate {
  let calls = 0;
  let stored: number | null = 0;
  let inputTokens = 0;
  for (const example of examples) {
    const messages = renderMessages(prompt.messages, example.input);
    const characters = messages.reduce((sum, { content }) => sum + content.length, 0);
    for (let repeat = 0; repeat < repeats; repeat++) {
      const isStored = preview.stored({ messages, parameters: prompt.parameters, repeat });
      calls += 1;
      if (isStored === null) stored = null;
      else if (isStored && stored !== null) stored += 1;
      if (!isStored) inputTokens += Math.ceil(characters / CHARACTERS_PER_TOKEN);
    }
  }
  const asked = calls - (stored ?? 0);
  const { maxTokens } = prompt.parameters;
  const most = maxTokens === undefined ? null : asked * maxTokens;
  const mean = preview.meanOutputTokens;
  // Answers to other prompts may have been longer than this one allows.
  const expected = mean === null ? most : Math.ceil(asked * Math.min(mean, maxTokens ?? mean));
  const usd = (outputTokens: number | null) => {
    if (asked === 0) return 0;
    return outputTokens === null ? null : preview.usdOf(inputTokens, outputTokens);
  };
  return {
    calls,
    stored,
    inputTokens,
    outputTokens: { expected, most },
    usd: { expected: usd(expected), most: usd(most) },
  };
}
