import { describeError, PromptlineError } from '../errors.ts';

/** What work gives, or in words why it cannot; an error that is not the user's or the outside's is thrown on. */
export function attempt<T>(work: () => T): { value: T } | { problem: string } {
  try {
    return { value: work() };
  } catch (error) {
    if (!(error instanceof PromptlineError)) throw error;
    return { problem: describeError(error) };
  }
}
