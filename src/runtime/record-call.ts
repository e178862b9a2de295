import { type Attributes, context, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { outsideError, type PromptlineError } from '../errors.ts';
import type { Message } from '../prompts/prompt.ts';
import { flagKey } from '../rollout/targeting.ts';
import { attributes, events } from '../telemetry/names.ts';
import type { Assigned } from './resolved-prompt.ts';
import { logger, tracer } from './telemetry.ts';
import type { CallDetails, CallReference, PromptRequest } from './types.ts';

/** How calls are recorded. */
export type Recording = {
  readonly recordText: boolean;
  readonly onError: (error: PromptlineError) => void;
};

type Recorded = {
  readonly assigned: Assigned;
  readonly messages: readonly Message[];
  readonly variables: PromptRequest['variables'];
  readonly recording: Recording;
};

/**
 * Calls a model within a span, and says which version whose call it was, on the span and as an event. Without `recordText` no word of
 * the prompt, of the user or of the answer is in either, nor the message of an error, which may hold some.
 */
export function recordCall<Response>(
  recorded: Recorded,
  call: () => Response | Promise<Response>,
  describe: ((response: Response) => CallDetails) | undefined,
): Promise<{ readonly response: Response; readonly call: CallReference }> {
  const { assigned, recording } = recorded;
  const assignment = assignmentAttributes(assigned);
  const options = {
    kind: SpanKind.CLIENT,
    attributes: { ...requestAttributes(assigned), ...assignment, ...requestTexts(recorded) },
  };
  const { model } = splitModel(assigned.content.model);
  return tracer().startActiveSpan(`chat ${model}`, options, async (span) => {
    const inside = trace.setSpan(context.active(), span);
    logger().emit({ eventName: events.flag, attributes: assignment, context: inside });
    try {
      const response = await call();
      const { attributes: answer, responseId } = described(response, describe, recording);
      span.setAttributes(answer);
      return { response, call: referenceTo(assigned, span, responseId) };
    } catch (error) {
      span.setAttribute(attributes.error, errorType(error));
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** An answer that was paid for is not lost because it could not be described. */
function described<Response>(
  response: Response,
  describe: ((response: Response) => CallDetails) | undefined,
  recording: Recording,
): { readonly attributes: Attributes; readonly responseId?: string | undefined } {
  try {
    const details = describe?.(response) ?? {};
    return { attributes: answerAttributes(details, recording), responseId: details.responseId };
  } catch (cause) {
    recording.onError(
      outsideError('`describe` failed, so usage of a call is not recorded', 'Mend it', cause),
    );
    return { attributes: {} };
  }
}

function requestAttributes({ id, version, content: { model, parameters } }: Assigned): Attributes {
  const { temperature, topP, maxTokens, stop, seed } = parameters;
  const asked = splitModel(model);
  return {
    [attributes.operation]: 'chat',
    [attributes.provider]: asked.provider,
    [attributes.model]: asked.model,
    [attributes.prompt]: id,
    [attributes.version]: version,
    ...(temperature !== undefined && { [attributes.temperature]: temperature }),
    ...(topP !== undefined && { [attributes.topP]: topP }),
    ...(maxTokens !== undefined && { [attributes.maxTokens]: maxTokens }),
    ...(stop !== undefined && { [attributes.stop]: [...stop] }),
    ...(seed !== undefined && { [attributes.seed]: seed }),
  };
}

function assignmentAttributes({ id, variant, reason, generation, targetingKey }: Assigned): Attributes {
  return {
    [attributes.flagKey]: flagKey(id),
    [attributes.flagVariant]: variant,
    [attributes.flagReason]: reason,
    [attributes.flagProvider]: 'promptline',
    ...(generation !== null && { [attributes.flagVersion]: String(generation) }),
    ...(targetingKey !== null && { [attributes.flagUser]: targetingKey }),
  };
}

function requestTexts({ messages, variables, recording }: Recorded): Attributes {
  if (!recording.recordText) return {};
  return {
    [attributes.inputMessages]: JSON.stringify(messages.map(({ role, content }) => spoken(role, content))),
    [attributes.variables]: JSON.stringify(variables),
  };
}

function answerAttributes(details: CallDetails, { recordText }: Recording): Attributes {
  const { responseId, responseModel, finishReasons, inputTokens, outputTokens, text } = details;
  return {
    ...(responseId !== undefined && { [attributes.responseId]: responseId }),
    ...(responseModel !== undefined && { [attributes.responseModel]: responseModel }),
    ...(finishReasons !== undefined && { [attributes.finishReasons]: [...finishReasons] }),
    ...(inputTokens !== undefined && { [attributes.inputTokens]: inputTokens }),
    ...(outputTokens !== undefined && { [attributes.outputTokens]: outputTokens }),
    ...(recordText &&
      text !== undefined && { [attributes.outputMessages]: JSON.stringify([spoken('assistant', text)]) }),
  };
}

/** A message in the form of the conventions. */
function spoken(role: Message['role'], content: string) {
  return { role, parts: [{ type: 'text', content }] };
}

function referenceTo({ id, version }: Assigned, span: Span, responseId: string | undefined): CallReference {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    prompt: id,
    version,
    ...(responseId !== undefined && { responseId }),
    ...(trace.isSpanContextValid(span.spanContext()) && { traceId, spanId, traceFlags }),
  };
}

/** The name of an error's class; what anybody may have written into a name is not taken for one. */
function errorType(error: unknown): string {
  const name = error instanceof Error ? error.name : '';
  return /^[A-Za-z_][\w.]{0,79}$/.test(name) ? name : '_OTHER';
}

/** The provider and its own name of the model, of `provider/model`. */
function splitModel(model: string): { readonly provider: string; readonly model: string } {
  const slash = model.indexOf('/');
  return slash < 0
    ? { provider: model, model }
    : { provider: model.slice(0, slash), model: model.slice(slash + 1) };
}
