/** Where a signal belongs: hex ids of OpenTelemetry; null where there is none. */
export type Place = { readonly traceId: string | null; readonly spanId: string | null };

/** A call of a model. */
export type Call = Place & {
  readonly kind: 'call';
  /** When it ended, milliseconds since 1970. */
  readonly at: number;
  readonly milliseconds: number;
  readonly failed: boolean;
  readonly responseId: string | null;
  /** The prompt's id and version, where the call says them itself. */
  readonly prompt: string | null;
  readonly version: string | null;
  /** Null where a reading did not ask for it. */
  readonly details: CallDetails | null;
  /** US dollars; null where nobody asked for it or it is not known. */
  readonly usd: number | null;
};

/** What a call took and what was said; null where the application did not record it. */
export type CallDetails = {
  /** As a model's reference begins: `openai`. */
  readonly provider: string | null;
  /** As the provider names it. */
  readonly model: string | null;
  /** The model that answered, where the source tells: a name may stand for another one from one day to the next. */
  readonly responseModel: string | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** What filled the prompt's placeholders, as JSON. */
  readonly variables: string | null;
  /** The messages of the answer, as JSON in the form of OpenTelemetry's conventions. */
  readonly answer: string | null;
};

/** Which version of a prompt a user was given. */
export type Assignment = Place & {
  readonly kind: 'assignment';
  readonly at: number;
  readonly prompt: string;
  /** Of the manifest: `stable` or `canary`. */
  readonly variant: string | null;
  /** Of the manifest by which the user was assigned; null where it is not said. */
  readonly generation: number | null;
  /** The targeting key. */
  readonly user: string;
};

/** What somebody or something thought of an answer. */
export type Score = Place & {
  readonly kind: 'score';
  readonly at: number;
  readonly responseId: string | null;
  readonly name: string;
  readonly value: number;
};

/** One event of production that rollouts look at, whatever source gives it. */
export type Signal = Call | Assignment | Score;

/** The span of a signal as a key; null where it names none. */
export function spanKey({ traceId, spanId }: Place): string | null {
  return spanId === null ? null : `${traceId} ${spanId}`;
}

/** For people: `call of span 00f067aa0ba902b7`, or of the answer where that is all a source tells. */
export function describeSignal(signal: Signal): string {
  if (signal.spanId === null && signal.kind !== 'assignment' && signal.responseId !== null)
    return `${signal.kind} of response ${signal.responseId}`;
  return `${signal.kind} of span ${signal.spanId ?? 'unknown'}`;
}
