import { targetingKeyOf } from '../../rollout/assign.ts';
import type { Tally } from '../irregularities.ts';
import { attributes, events } from '../names.ts';
import type { Assignment, CallDetails, Place, Score, Signal } from '../signal.ts';
import type { ReadOptions } from '../source.ts';
import { type Fields, fieldsOf, idOf, momentOf, numberOf, objectsIn, textOf } from './json.ts';

/** Longest name that is kept; ids and versions of prompts are far shorter. */
const LONGEST_NAME = 300;

const FLAG_PREFIX = 'prompt.';

/** Who is told of irregular records, and whether calls come with their details. */
export type SignalReading = Pick<ReadOptions, 'tally' | 'details'>;

/**
 * What one line of OTLP JSON says about rollouts: `resourceSpans` or `resourceLogs`, as OpenTelemetry's protocol 1 has them. Spans and
 * logs of other things give nothing.
 */
export function* signalsOf(line: unknown, reading: SignalReading): Generator<Signal> {
  const data = fieldsOf(line);
  for (const resource of objectsIn(data?.['resourceSpans']))
    for (const scope of objectsIn(resource['scopeSpans']))
      for (const span of objectsIn(scope['spans'])) yield* ofSpan(span, reading);
  for (const resource of objectsIn(data?.['resourceLogs']))
    for (const scope of objectsIn(resource['scopeLogs']))
      for (const record of objectsIn(scope['logRecords'])) yield* ofLogRecord(record, reading.tally);
}

function* ofSpan(span: Fields, { tally, details }: SignalReading): Generator<Signal> {
  const place = placeOf(span);
  const own = span['attributes'];
  const assigned = assignmentOf(own, place, momentOf(span['endTimeUnixNano']));
  // First, since the call is counted with it.
  if (assigned) yield assigned;
  const happened = [...objectsIn(span['events'])];
  for (const event of happened)
    if (event['name'] === events.flag) yield* ofEvent(event, { ...place, name: events.flag, tally });
  const prompt = nameOf(own, attributes.prompt) ?? assigned?.prompt ?? null;
  if (nameOf(own, attributes.prompt) !== null || textOf(own, attributes.operation) !== null) {
    const [began, at] = [momentOf(span['startTimeUnixNano']), momentOf(span['endTimeUnixNano'])];
    if (began === null || at === null || at < began)
      tally.add('without time', `span ${place.spanId ?? 'without id'}`);
    else
      yield {
        kind: 'call',
        ...place,
        at,
        milliseconds: at - began,
        failed: textOf(own, attributes.error) !== null || isError(span['status']),
        responseId: nameOf(own, attributes.responseId),
        prompt,
        version: nameOf(own, attributes.version),
        details: details ? detailsOf(own) : null,
        usd: null,
      };
  }
  for (const event of happened)
    if (event['name'] === events.evaluation)
      yield* ofEvent(event, { ...place, name: events.evaluation, tally });
}

function detailsOf(own: unknown): CallDetails {
  return {
    provider: nameOf(own, attributes.provider),
    model: nameOf(own, attributes.model),
    responseModel: nameOf(own, attributes.responseModel),
    inputTokens: numberOf(own, attributes.inputTokens),
    outputTokens: numberOf(own, attributes.outputTokens),
    variables: textOf(own, attributes.variables),
    answer: textOf(own, attributes.outputMessages),
  };
}

function* ofLogRecord(record: Fields, tally: Tally): Generator<Signal> {
  const name = record['eventName'] || textOf(record['attributes'], 'event.name');
  if (name === events.flag || name === events.evaluation)
    yield* ofEvent(record, { ...placeOf(record), name, tally });
}

function* ofEvent(
  event: Fields,
  { name, tally, ...place }: Place & { readonly name: string; readonly tally: Tally },
): Generator<Signal> {
  const at = momentOf(event['timeUnixNano']) ?? momentOf(event['observedTimeUnixNano']);
  const what = `${name} of span ${place.spanId ?? 'unknown'}`;
  const own = event['attributes'];
  if (at === null) tally.add('without time', what);
  else if (name === events.flag) {
    const assignment = assignmentOf(own, place, at);
    if (assignment) yield assignment;
  } else {
    const score = scoreOf(own, place, at);
    if (score) yield score;
    else tally.add('without score', what);
  }
}

/** Null for an evaluation that gives no number. */
function scoreOf(own: unknown, place: Place, at: number): Score | null {
  const [name, value] = [nameOf(own, attributes.evaluationName), numberOf(own, attributes.evaluationValue)];
  if (name === null || value === null) return null;
  return { kind: 'score', ...place, at, responseId: nameOf(own, attributes.responseId), name, value };
}

/** An assignment to a version of a prompt; null for other flags, and where nobody is named. */
function assignmentOf(own: unknown, place: Place, at: number | null): Assignment | null {
  const key = nameOf(own, attributes.flagKey);
  const user = textOf(own, attributes.flagUser);
  if (!key?.startsWith(FLAG_PREFIX) || !user || at === null) return null;
  return {
    kind: 'assignment',
    ...place,
    at,
    prompt: key.slice(FLAG_PREFIX.length),
    variant: nameOf(own, attributes.flagVariant),
    generation: numberOf(own, attributes.flagVersion),
    // An application that did not hash the id: nobody's name is to get into the state.
    user: /^[0-9a-f]{64}$/.test(user) ? user : targetingKeyOf(user),
  };
}

function placeOf(fields: Fields): Place {
  return { traceId: idOf(fields['traceId']), spanId: idOf(fields['spanId']) };
}

function nameOf(own: unknown, key: string): string | null {
  return textOf(own, key)?.slice(0, LONGEST_NAME) || null;
}

/** Status codes are numbers, or names in files of older writers. */
function isError(status: unknown): boolean {
  const code = fieldsOf(status)?.['code'];
  return code === 2 || code === 'STATUS_CODE_ERROR';
}
