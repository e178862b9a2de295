import { describeError, PromptlineError } from '../../errors.ts';
import { PermissionError } from '../../host/repository-host.ts';
import { terminalText } from '../../reports/hostile.ts';

/** Longest line about a failure; its hint stands at the end and must survive. */
const LONGEST_NOTE = 2_000;

/** What is asked of GitHub so that a run is seen. The run goes on and keeps its own exit code where that fails. */
export type Attempts = {
  /** Null where it failed, which is noted. Throws on mistakes of our own alone. */
  make<T>(act: () => Promise<T>): Promise<T | null>;
  /** Whether GitHub, or the way to it, failed. What the token may not do is the owner's choice and no failure. */
  readonly hasFailed: boolean;
};

/** @param note gets one line for each failure */
export function attemptsOf(note: (line: string) => void): Attempts {
  const failed: PromptlineError[] = [];
  return {
    async make(act) {
      try {
        return await act();
      } catch (error) {
        if (!(error instanceof PromptlineError)) throw error;
        if (!(error instanceof PermissionError)) failed.push(error);
        note(terminalText(describeError(error), LONGEST_NOTE));
        return null;
      }
    },
    get hasFailed() {
      return failed.length > 0;
    },
  };
}
