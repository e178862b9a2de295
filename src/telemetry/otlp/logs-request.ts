import { type Evaluation, evaluationAttributes } from '../evaluation.ts';
import { events, schemaUrl } from '../names.ts';

/** An evaluation as OTLP's JSON has it: a line of a file, or the body of a request. */
export function logsRequestOf(evaluation: Evaluation, version: string): string {
  const { at, traceId, spanId } = evaluation;
  const nanoseconds = `${BigInt(Math.round(at)) * 1_000_000n}`;
  const record = {
    timeUnixNano: nanoseconds,
    observedTimeUnixNano: nanoseconds,
    eventName: events.evaluation,
    attributes: attributeList(evaluationAttributes(evaluation)),
    ...(traceId !== null && spanId !== null && { traceId, spanId }),
  };
  const scope = { name: 'promptline', version };
  const resource = { attributes: attributeList({ 'service.name': 'promptline' }) };
  return JSON.stringify({
    resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: [record], schemaUrl }] }],
  });
}

function attributeList(values: Readonly<Record<string, string | number>>): readonly object[] {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { doubleValue: value } : { stringValue: value },
  }));
}
