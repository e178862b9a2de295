import { targetingKeyOf } from '../../src/rollout/assign.ts';
import { prompt } from '../rollout/fixtures.ts';

/** When the first step of the fixtures' rollout begins. */
export const start = Date.parse('2026-03-01T00:00:00Z');

type AttributeValue = string | number;

function attributesOf(values: Readonly<Record<string, AttributeValue | undefined>>): object[] {
  return Object.entries(values).flatMap(([key, value]): object[] => {
    if (value === undefined) return [];
    if (typeof value === 'string') return [{ key, value: { stringValue: value } }];
    // Integers are strings in OTLP's JSON.
    const number = Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
    return [{ key, value: number }];
  });
}

function nanoseconds(milliseconds: number): string {
  return `${BigInt(Math.round(milliseconds * 1000)) * 1000n}`;
}

export type CallFields = {
  /** Milliseconds after the start. */
  readonly at: number;
  readonly user: string;
  readonly version: string;
  readonly failed?: boolean;
  readonly milliseconds?: number;
  readonly id?: number;
  readonly generation?: number;
  readonly responseId?: string;
  readonly prompt?: string;
  /** `provider/model`. */
  readonly model?: string;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** What an application records that records texts. */
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly answer?: string;
};

let ids = 0;

/** Hex ids of a span that no other call of these tests has. */
export function spanIds(id = ++ids) {
  return {
    traceId: `${id.toString(16).padStart(8, '0')}${'0'.repeat(24)}`,
    spanId: id.toString(16).padStart(16, '0'),
  };
}

/** A span of a model call, with or without who made it. */
export function span({ at, user, version, ...more }: CallFields, place = spanIds(more.id), withUser = false) {
  const { failed = false, milliseconds = 800, generation, responseId, model } = more;
  return {
    ...place,
    name: 'chat',
    kind: 3,
    startTimeUnixNano: nanoseconds(start + at - milliseconds),
    endTimeUnixNano: nanoseconds(start + at),
    attributes: attributesOf({
      'gen_ai.operation.name': 'chat',
      'gen_ai.prompt.name': more.prompt ?? prompt,
      'gen_ai.prompt.version': version,
      'gen_ai.response.id': responseId,
      'gen_ai.provider.name': model?.split('/')[0],
      'gen_ai.request.model': model?.split('/')[1],
      'gen_ai.usage.input_tokens': more.inputTokens,
      'gen_ai.usage.output_tokens': more.outputTokens,
      'error.type': failed ? 'timeout' : undefined,
      'promptline.prompt.variables': more.variables && JSON.stringify(more.variables),
      'gen_ai.output.messages':
        more.answer === undefined
          ? undefined
          : JSON.stringify([{ role: 'assistant', parts: [{ type: 'text', content: more.answer }] }]),
      ...(withUser && {
        'feature_flag.key': `prompt.${more.prompt ?? prompt}`,
        'feature_flag.context.id': targetingKeyOf(user),
        'feature_flag.version': generation === undefined ? undefined : String(generation),
      }),
    }),
    status: failed ? { code: 2 } : {},
  };
}

/** The event of a user's assignment to a version. */
export function assignment({ at, user, generation, ...more }: CallFields, place = spanIds(more.id)) {
  return {
    ...place,
    timeUnixNano: nanoseconds(start + at),
    eventName: 'feature_flag.evaluation',
    attributes: attributesOf({
      'feature_flag.key': `prompt.${more.prompt ?? prompt}`,
      'feature_flag.context.id': targetingKeyOf(user),
      'feature_flag.version': generation === undefined ? undefined : String(generation),
    }),
  };
}

/** The event of an evaluation, or of a user's feedback. */
export function score(
  {
    at,
    name,
    value,
    responseId,
  }: { at: number; name: string; value: number | undefined; responseId?: string },
  place: { traceId?: string; spanId?: string } = {},
) {
  return {
    ...place,
    timeUnixNano: nanoseconds(start + at),
    eventName: 'gen_ai.evaluation.result',
    attributes: attributesOf({
      'gen_ai.evaluation.name': name,
      'gen_ai.evaluation.score.value': value,
      'gen_ai.response.id': responseId,
    }),
  };
}

/** A line as the collector writes it, of one batch. */
export function spansLine(...spans: readonly object[]): string {
  const scopeSpans = [{ scope: { name: 'promptline' }, spans }];
  return `${JSON.stringify({ resourceSpans: [{ resource: { attributes: [] }, scopeSpans }] })}\n`;
}

export function logsLine(...logRecords: readonly object[]): string {
  const scopeLogs = [{ scope: { name: 'promptline' }, logRecords }];
  return `${JSON.stringify({ resourceLogs: [{ resource: { attributes: [] }, scopeLogs }] })}\n`;
}

/** A whole call in one line: its span says who made it. */
export function callLine(fields: CallFields): string {
  return spansLine(span(fields, spanIds(fields.id), true));
}
