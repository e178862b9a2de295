import { describeError, type PromptlineError } from '../errors.ts';
import type { Recording } from './record-call.ts';
import type { CommonOptions } from './types.ts';

/** A callback of the application's, whose own failures end nothing here. */
export function callbackOf<Argument>(
  callback: ((argument: Argument) => void) | undefined,
): (argument: Argument) => void {
  return (argument) => {
    try {
      callback?.(argument);
    } catch (error) {
      warn(error);
    }
  };
}

export function recordingOf({ recordText = false, onError = warn }: CommonOptions): Recording {
  return { recordText, onError: callbackOf<PromptlineError>(onError) };
}

function warn(error: unknown): void {
  process.emitWarning(describeError(error), 'PromptlineWarning');
}
