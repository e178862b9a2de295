import type { WholeCall } from '../join/whole-calls.ts';
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
  const input = recordOf(parsed(call.details?.variables));
  if (call.prompt === null || input === null) return null;
  return {
    prompt: call.prompt,
    at: call.at,
    input,
    answer: textOfMessages(parsed(call.details?.answer)),
    failed: call.failed,
    feedback: scores.get(userFeedback) ?? null,
    verdict: judge === undefined ? null : (scores.get(judge) ?? null),
  };
}

/** The text of messages in the form of OpenTelemetry's conventions. */
function textOfMessages(messages: unknown): string | null {
  if (!Array.isArray(messages)) return null;
  const parts = messages.flatMap((message: unknown) => recordOf(message)?.['parts'] ?? []);
  const texts = parts.map(recordOf).flatMap((part) => {
    const content = part?.['type'] === 'text' ? part['content'] : null;
    return typeof content === 'string' ? [content] : [];
  });
  return texts.length === 0 ? null : texts.join('');
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
}

/** Undefined for what is no JSON: telemetry may be cut. */
function parsed(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
