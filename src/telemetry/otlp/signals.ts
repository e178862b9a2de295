import { targetingKeyOf } from '../../rollout/assign.ts';
import type { Tally } from '../irregularities.ts';
import { attributes, events } from '../names.ts';
import { LONGEST_NAME, LONGEST_TEXT } from '../rows/columns.ts';
import type { Assignment, CallDetails, Place, Score, Signal } from '../signal.ts';
import type { ReadOptions } from '../source.ts';
import {
  type Attributes,
  attributesOf,
  type Fields,
  fieldsOf,
  idOf,
  momentOf,
  numberOf,
  objectsIn,
  textOf,
} from './json.ts';
import type { RelevantRecord } from './relevant-records.ts';

const FLAG_PREFIX = 'prompt.';

/** Who is told of irregular records, and whether calls come with their details. */
export type SignalReading = Pick<ReadOptions, 'tally' | 'details'>;

/** What a record of a line says about rollouts. Spans and logs of other things give nothing. */
export function signalsOf({ kind, fields }: RelevantRecord, reading: SignalReading): readonly Signal[] {
  return kind === 'span' ? ofSpan(fields, reading) : ofLogRecord(fields, reading.tally);
}

function ofSpan(span: Fields, { tally, details }: SignalReading): readonly Signal[] {
  const place = placeOf(span);
  const own = attributesOf(span['attributes']);
  const [began, at] = [momentOf(span['startTimeUnixNano']), momentOf(span['endTimeUnixNano'])];
  const assigned = assignmentOf(own, place, at);
  const ofEvents = (name: string) =>
    objectsIn(span['events'])
      .filter((event) => event['name'] === name)
      .flatMap((event) => ofEvent(event, { ...place, name, tally }) ?? []);
  // First, since the call is counted with it.
  const signals: Signal[] = [...(assigned ? [assigned] : []), ...ofEvents(events.flag)];
  const named = nameOf(own, attributes.prompt);
  if (named !== null || own.has(attributes.operation)) {
    if (began === null || at === null || at < began)
      tally.add('without time', `span ${place.spanId ?? 'without id'}`);
    else
      signals.push({
        kind: 'call',
        ...place,
        at,
        milliseconds: at - began,
        failed: own.has(attributes.error) || isError(span['status']),
        responseId: nameOf(own, attributes.responseId),
        prompt: named ?? assigned?.prompt ?? null,
        version: nameOf(own, attributes.version),
        details: details
          ? detailsOf(own, (name) => tally.add('too long', `${name} of span ${place.spanId ?? 'without id'}`))
          : null,
        usd: null,
      });
  }
  return [...signals, ...ofEvents(events.evaluation)];
}

/** @param onTooLong gets the attributes whose texts are passed over for their length */
function detailsOf(own: Attributes, onTooLong: (name: string) => void): CallDetails {
  const boundedText = (name: string): string | null => {
    const text = textOf(own, name);
    if (text === null || text.length <= LONGEST_TEXT) return text;
    onTooLong(name);
    return null;
  };
  return {
    provider: nameOf(own, attributes.provider),
    model: nameOf(own, attributes.model),
    responseModel: nameOf(own, attributes.responseModel),
    inputTokens: numberOf(own, attributes.inputTokens),
    outputTokens: numberOf(own, attributes.outputTokens),
    variables: boundedText(attributes.variables),
    answer: boundedText(attributes.outputMessages),
  };
}

function ofLogRecord(record: Fields, tally: Tally): readonly Signal[] {
  const name = record['eventName'] || textOf(attributesOf(record['attributes']), 'event.name');
  if (name !== events.flag && name !== events.evaluation) return [];
  const signal = ofEvent(record, { ...placeOf(record), name, tally });
  return signal ? [signal] : [];
}

function ofEvent(
  event: Fields,
  { name, tally, ...place }: Place & { readonly name: string; readonly tally: Tally },
): Signal | null {
  const at = momentOf(event['timeUnixNano']) ?? momentOf(event['observedTimeUnixNano']);
  const what = `${name} of span ${place.spanId ?? 'unknown'}`;
  const own = attributesOf(event['attributes']);
  if (at === null) {
    tally.add('without time', what);
    return null;
  }
  if (name === events.flag) return assignmentOf(own, place, at);
  const score = scoreOf(own, place, at);
  if (!score) tally.add('without score', what);
  return score;
}

/** Null for an evaluation that gives no number. */
function scoreOf(own: Attributes, place: Place, at: number): Score | null {
  const [name, value] = [nameOf(own, attributes.evaluationName), numberOf(own, attributes.evaluationValue)];
  if (name === null || value === null) return null;
  return { kind: 'score', ...place, at, responseId: nameOf(own, attributes.responseId), name, value };
}

/** An assignment to a version of a prompt; null for other flags, and where nobody is named. */
function assignmentOf(own: Attributes, place: Place, at: number | null): Assignment | null {
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

function nameOf(own: Attributes, key: string): string | null {
  return textOf(own, key)?.slice(0, LONGEST_NAME) || null;
}

/** Status codes are numbers, or names in files of older writers. */
function isError(status: unknown): boolean {
  const code = fieldsOf(status)?.['code'];
  return code === 2 || code === 'STATUS_CODE_ERROR';
}
