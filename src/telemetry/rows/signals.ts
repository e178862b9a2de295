import { createHash } from 'node:crypto';
import { targetingKeyOf } from '../../rollout/assign.ts';
import type { IrregularityKind, Tally } from '../irregularities.ts';
import type { Assignment, Call, CallDetails, Place, Score, Signal } from '../signal.ts';
import { type Cells, cellsOf } from './cells.ts';
import type { Column, Row } from './columns.ts';

export type RowReading = {
  /** Whether calls come with their details. */
  readonly details: boolean;
  readonly tally: Tally;
  /** Which row it is, for people: `row 17 of telemetry.db`. */
  readonly shown: string;
};

/** A row that is understood in part. */
type Event = {
  readonly cells: Cells;
  readonly place: Place;
  readonly at: number;
  /** Which row it is. */
  readonly shown: string;
  /** Says that a row gives nothing for want of a column, unless what is in it was found malformed. */
  lacks(column: Column, kind?: IrregularityKind): null;
};

/**
 * What a row says: nothing where a column that it needs is empty or malformed. Other columns that are malformed are passed over. All of it
 * is told to the tally, with the row and the column.
 */
export function signalsOfRow(row: Row, { details, tally, shown }: RowReading): readonly Signal[] {
  const cells = cellsOf(row, (kind, column, why) => tally.add(kind, `${shown}: ${column} ${why}`));
  const lacks = (column: Column, kind: IrregularityKind = 'malformed') => {
    if (cells.isEmpty(column)) tally.add(kind, `${shown}: ${column} is empty`);
    return null;
  };
  const at = cells.time('at');
  if (at === null) {
    lacks('at', 'without time');
    return [];
  }
  const place = { traceId: cells.id('trace_id'), spanId: cells.id('span_id') };
  const event = { cells, place, at, shown, lacks };
  const kind = cells.name('kind');
  switch (kind) {
    case 'call':
      return callOf(event, details);
    case 'assignment':
      return [assignmentOf(event)].filter((signal) => signal !== null);
    case 'score':
      return [scoreOf(event)].filter((signal) => signal !== null);
    default:
      tally.add('malformed', `${shown}: kind is none of call, assignment and score`);
      return [];
  }
}

/** Its user first where the row names one, since the call is counted with it. */
function callOf(event: Event, details: boolean): readonly Signal[] {
  const { cells, at, lacks } = event;
  const milliseconds = cells.amount('milliseconds') ?? lacks('milliseconds');
  // A failure that cannot be read is no success.
  const failed = cells.isEmpty('failed') ? false : cells.flag('failed');
  if (milliseconds === null || failed === null) return [];
  const prompt = cells.name('prompt');
  const isAssigned = prompt !== null && !cells.isEmpty('targeting_key');
  const place = isAssigned ? placeToMeet(event) : event.place;
  const call: Call = {
    kind: 'call',
    ...{ ...place, at, milliseconds, failed, prompt },
    responseId: cells.name('response_id'),
    version: cells.name('version'),
    details: details ? detailsOf(cells) : null,
    usd: null,
  };
  const assigned = isAssigned ? assignmentOf({ ...event, place }) : null;
  return assigned ? [assigned, call] : [call];
}

/** Where a call and its user find each other: a row without a span and a trace is a trace of its own. */
function placeToMeet({ place, shown }: Event): Place {
  if (place.spanId !== null || place.traceId !== null) return place;
  return { spanId: null, traceId: createHash('sha256').update(shown).digest('hex').slice(0, 32) };
}

function detailsOf(cells: Cells): CallDetails {
  const answer = cells.text('answer');
  return {
    provider: cells.name('provider'),
    model: cells.name('model'),
    responseModel: cells.name('response_model'),
    inputTokens: cells.amount('input_tokens'),
    outputTokens: cells.amount('output_tokens'),
    variables: cells.text('variables'),
    answer:
      answer === null
        ? null
        : JSON.stringify([{ role: 'assistant', parts: [{ type: 'text', content: answer }] }]),
  };
}

function assignmentOf({ cells, place, at, lacks }: Event): Assignment | null {
  const prompt = cells.name('prompt') ?? lacks('prompt');
  const user = cells.name('targeting_key') ?? lacks('targeting_key', 'without user');
  if (prompt === null || user === null) return null;
  return {
    kind: 'assignment',
    ...{ ...place, at, prompt },
    variant: cells.name('variant'),
    generation: cells.number('generation'),
    // An application that did not hash the id: nobody's name is to get into the state.
    user: /^[0-9a-f]{64}$/.test(user) ? user : targetingKeyOf(user),
  };
}

function scoreOf({ cells, place, at, lacks }: Event): Score | null {
  const name = cells.name('name') ?? lacks('name');
  const value = cells.number('value') ?? lacks('value', 'without score');
  if (name === null || value === null) return null;
  return { kind: 'score', ...place, at, responseId: cells.name('response_id'), name, value };
}
