import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { inputError } from '../errors.ts';
import { evaluationAttributes } from '../telemetry/evaluation.ts';
import { events, userFeedback } from '../telemetry/names.ts';
import { logger } from './telemetry.ts';
import type { CallReference, Feedback } from './types.ts';

/**
 * Records what a user thinks of an answer, as an event on the span of its call. It may come later and from another process: give what
 * `record` gave as `call`, or the id of the response alone.
 *
 * @throws {PromptlineError} for a score outside [0, 1]
 *
 * @example
 * const { call } = await prompt.record(...);
 * recordFeedback(call, { score: 0, label: 'thumbs_down' });
 *
 * @example
 * recordFeedback({ responseId: 'chatcmpl-123' }, { score: 1 });
 */
export function recordFeedback(call: CallReference, { score, label }: Feedback): void {
  // Also what TypeScript cannot see in an application's JavaScript.
  if (!(typeof score === 'number' && score >= 0 && score <= 1))
    throw inputError(`feedback needs a score in [0, 1], not ${score}`, '1 is a thumbs-up, 0 a thumbs-down');
  const { prompt, version, responseId, traceId, spanId, traceFlags = 0 } = call;
  const span = traceId && spanId ? { traceId, spanId, traceFlags } : null;
  logger().emit({
    eventName: events.evaluation,
    attributes: evaluationAttributes({
      name: userFeedback,
      value: score,
      label: label ?? null,
      responseId: responseId ?? null,
      prompt: prompt ?? null,
      version: version ?? null,
    }),
    context: span ? trace.setSpanContext(ROOT_CONTEXT, span) : ROOT_CONTEXT,
  });
}
