import type { Call, Place, Score } from '../signal.ts';

/*
 * What the join knows spans, traces, responses and users by: hashes of 53 bits, as many as a number holds exactly. Kept as strings these names
 * took most of the memory of a look. Of ten million signals beside 200,000 that are remembered one is taken for another with a
 * probability of about 1 in 4,500.
 */

/** Stands for the trace where a span names none. */
const NO_TRACE = 1;
/** Responses lie beside spans. */
const RESPONSE = 2;

/**
 * Two hashes of the kind of MurmurHash3, the second of which takes in the first.
 *
 * @param within the key of what the text is a part of
 * @returns a whole number in [0, 2^53)
 */
export function keyOf(text: string, within = 0): number {
  let low = within | 0;
  let high = (within / 2 ** 32) | 0;
  for (let index = 0; index < text.length; index += 1) {
    low = Math.imul(low ^ text.charCodeAt(index), 0xcc9e2d51);
    low = (low << 15) | (low >>> 17);
    high = Math.imul(high ^ low, 0x85ebca6b);
    high = (high << 13) | (high >>> 19);
  }
  high = Math.imul(high ^ (high >>> 16) ^ text.length, 0xc2b2ae35);
  low = Math.imul(low ^ (low >>> 13) ^ high, 0x1b873593);
  high ^= low >>> 16;
  return (high >>> 11) * 2 ** 32 + (low >>> 0);
}

export function traceKeyOf({ traceId }: Place): number | null {
  return traceId === null ? null : keyOf(traceId);
}

export function spanKeyOf(place: Place): number | null {
  return place.spanId === null ? null : keyOf(place.spanId, traceKeyOf(place) ?? NO_TRACE);
}

export function responseKeyOf({ responseId }: Call | Score): number | null {
  return responseId === null ? null : keyOf(responseId, RESPONSE);
}
