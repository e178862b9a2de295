import type { FailureKind } from '../errors.ts';
import { PromptlineError } from '../errors.ts';
import type { ParsedAnswer } from '../formats/format.ts';
import type { Message, ModelParameters } from '../prompts/prompt.ts';
import type { MemberUsage } from './usage.ts';

export type CompletionRequest = {
  readonly messages: readonly Message[];
  readonly parameters: ModelParameters;
  /** 0 for the first measurement of an example, 1, 2, ... for repeats; part of the answer's key. */
  readonly repeat: number;
  /** Reads an answer in the prompt's output format, for models that judge answers; no part of the answer's key. */
  readonly parse?: (text: string) => ParsedAnswer;
};

export type Completion = {
  readonly text: string;
  /** Those that the provider had in its cache included. */
  readonly inputTokens: number;
  /** A model's thoughts included. */
  readonly outputTokens: number;
  /** US dollars; null when the price is not known. */
  readonly usd: number | null;
  /** Of the successful attempt, milliseconds; for a stored answer, as it was when it was made. */
  readonly latencyMs: number;
  /** Requests made until it succeeded, 1 at least. */
  readonly attempts: number;
  readonly finishReason: 'stop' | 'length' | 'other';
  /** True when it came from the answer store. */
  readonly cached: boolean;
  /** Of several models that answered as one: what was asked of each, by its id. */
  readonly members?: Readonly<Record<string, MemberUsage>>;
};

/** The port to a language model. */
export interface Model {
  /** `provider/model`. */
  readonly id: string;
  /** What decides the answer besides the request: the id, and an endpoint or a weights digest. Part of the answer's key. */
  readonly identity: string;
  /** Requests it can serve at once; the user's `--concurrency` may lower or raise it for remote models. */
  readonly concurrency: number;
  /** True when requests that share their leading messages are cheaper one after another. */
  readonly reusesPrefixes: boolean;
  /** What a call with these tokens costs, in US dollars; null when the price is not known. */
  usdOf(inputTokens: number, outputTokens: number): number | null;
  /** Rejects with a ModelError. */
  complete(request: CompletionRequest, signal?: AbortSignal): Promise<Completion>;
  close(): Promise<void>;
}

/** The same model, asked in another way. */
export function asking(model: Model, complete: Model['complete']): Model {
  const { id, identity, concurrency, reusesPrefixes, usdOf } = model;
  return { id, identity, concurrency, reusesPrefixes, usdOf, complete, close: () => model.close() };
}

/** A model's failure. `fatal` means no other request can succeed either (key, quota, unknown model, address). */
export class ModelError extends PromptlineError {
  override name = 'ModelError';
  readonly fatal: boolean;
  /** Requests made before giving up; 0 where it is not the model that failed: a budget is reached, an answer cannot be kept. */
  readonly attempts: number;

  constructor(
    message: string,
    details: { fatal: boolean; attempts?: number; hint?: string; kind?: FailureKind; cause?: unknown },
  ) {
    super(details.kind ?? 'outside', message, {
      ...(details.hint !== undefined && { hint: details.hint }),
      cause: details.cause,
    });
    this.fatal = details.fatal;
    this.attempts = details.attempts ?? 1;
  }
}
