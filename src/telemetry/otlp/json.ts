/* Telemetry is written by strangers: nothing is taken for what it should be. */

export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

/** The objects of a list; none where there is no list. */
export function objectsIn(list: unknown): readonly Fields[] {
  return Array.isArray(list) ? list.filter((item) => fieldsOf(item) !== null) : [];
}

/** Nanoseconds are a number of 64 bits, which ends in the year 2554; what is larger is no time. */
const MOST_NANOSECONDS = 2 ** 64;

/** Milliseconds since 1970 of nanoseconds, which OTLP writes as a string of digits; null where there are none. */
export function momentOf(nanoseconds: unknown): number | null {
  const value = Number(typeof nanoseconds === 'string' || typeof nanoseconds === 'number' ? nanoseconds : 0);
  return value > 0 && value < MOST_NANOSECONDS ? value / 1e6 : null;
}

/** An id in lower-case hex; null where it is empty. Longer ones than OpenTelemetry's are none. */
export function idOf(value: unknown): string | null {
  return typeof value === 'string' && /^[0-9a-fA-F]{1,64}$/.test(value) ? value.toLowerCase() : null;
}

/** Attributes with the values of strings and numbers; of those that come twice the first. */
export type Attributes = ReadonlyMap<unknown, string | number>;

export function attributesOf(list: unknown): Attributes {
  const found = new Map<unknown, string | number>();
  for (const { key, value } of objectsIn(list)) {
    const held = fieldsOf(value);
    const plain = held?.['stringValue'] ?? held?.['intValue'] ?? held?.['doubleValue'];
    if ((typeof plain === 'string' || typeof plain === 'number') && !found.has(key)) found.set(key, plain);
  }
  return found;
}

/** The value of an attribute as text; null where there is none. */
export function textOf(own: Attributes, key: string): string | null {
  const value = own.get(key);
  return value === undefined ? null : String(value);
}

/** The value of an attribute as a number; null where it is none. */
export function numberOf(own: Attributes, key: string): number | null {
  const text = textOf(own, key);
  const value = text === null || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}
