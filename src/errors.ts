/** Where in a user's file something is wrong; lines and columns count from 1. */
export type Location = { file: string; line?: number; column?: number };

/**
 * What a failure means for the person who runs the command:
 * `input` their files or options are wrong (exit 2), `outside` a provider, the network or the disk
 * failed (exit 3).
 */
export type FailureKind = 'input' | 'outside';

/** The one error type: what is wrong, how to mend it, and where. */
export class PromptlineError extends Error {
  override name = 'PromptlineError';
  readonly kind: FailureKind;
  readonly hint: string | undefined;
  readonly location: Location | undefined;
  /** Further errors of the same file, for commands that list them all. */
  also: readonly PromptlineError[] = [];

  constructor(
    kind: FailureKind,
    message: string,
    details: { hint?: string; location?: Location; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    this.hint = details.hint;
    this.location = details.location;
  }

  withAlso(errors: readonly PromptlineError[]): this {
    this.also = errors;
    return this;
  }
}

/** The user's files or options are wrong. */
export function inputError(message: string, hint?: string, location?: Location): PromptlineError {
  return new PromptlineError('input', message, {
    ...(hint !== undefined && { hint }),
    ...(location && { location }),
  });
}

/** Something outside (provider, network, disk, GitHub) failed. */
export function outsideError(message: string, hint?: string, cause?: unknown): PromptlineError {
  return new PromptlineError('outside', message, { ...(hint !== undefined && { hint }), cause });
}

/** `file:line:column: what is wrong. How to mend it.` as one line. */
export function describeError(error: unknown): string {
  if (!(error instanceof PromptlineError)) return error instanceof Error ? error.message : String(error);
  const { location, hint } = error;
  const place = location
    ? [location.file, location.line, location.column].filter((part) => part !== undefined).join(':')
    : undefined;
  const text = hint ? `${withFullStop(error.message)} ${withFullStop(hint)}` : error.message;
  return place ? `${place}: ${text}` : text;
}

function withFullStop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
