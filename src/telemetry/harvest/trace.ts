import type { WholeCall } from '../join/whole-calls.ts';
import { textOfMessages, variablesIn } from '../messages.ts';
import { userFeedback } from '../names.ts';

/** One call of production as data: what was asked, what was answered, what came of it. */
export type Trace = {
  readonly prompt: string;
  /** When the call ended, milliseconds since 1970. */
  readonly at: number;
  /** What filled the prompt's placeholders. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Null where nothing was answered, or the text is not recorded. */
  readonly answer: string | null;
  readonly failed: boolean;
  /** What the user thought of it, 0 to 1; null where nothing was said. */
  readonly feedback: number | null;
  /** What the judge thought of it, 0 to 1; null where there is none, or it said nothing. */
  readonly verdict: number | null;
};

/**
 * A call as data; null for one that names no prompt, or whose texts the application did not record.
 * @param judge the name of the evaluation that counts as a verdict
 */
export function traceOf({ call, scores }: WholeCall, judge: string | undefined): Trace | null {
  const { variables = null, answer = null } = call.details ?? {};
  const input = variables === null ? null : variablesIn(variables);
  if (call.prompt === null || input === null) return null;
  return {
    prompt: call.prompt,
    at: call.at,
    input,
    answer: answer === null ? null : textOfMessages(answer),
    failed: call.failed,
    feedback: scores.get(userFeedback) ?? null,
    verdict: judge === undefined ? null : (scores.get(judge) ?? null),
  };
}
