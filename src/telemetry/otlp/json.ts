/* Telemetry is written by strangers: nothing is taken for what it should be. */

export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

/** The objects of a list; none where there is no list. */
export function* objectsIn(list: unknown): Generator<Fields> {
  if (!Array.isArray(list)) return;
  for (const item of list) {
    const fields = fieldsOf(item);
    if (fields) yield fields;
  }
}

/** Milliseconds since 1970 of nanoseconds, which OTLP writes as a string of digits; null where there are none. */
export function momentOf(nanoseconds: unknown): number | null {
  const value = Number(typeof nanoseconds === 'string' || typeof nanoseconds === 'number' ? nanoseconds : 0);
  return value > 0 && Number.isFinite(value) ? value / 1e6 : null;
}

/** An id in lower-case hex; null where it is empty. Longer ones than OpenTelemetry's are none. */
export function idOf(value: unknown): string | null {
  return typeof value === 'string' && /^[0-9a-fA-F]{1,64}$/.test(value) ? value.toLowerCase() : null;
}

/** The value of an attribute as text, of a string or a number; null for others. */
export function textOf(list: unknown, key: string): string | null {
  for (const item of objectsIn(list)) {
    if (item['key'] !== key) continue;
    const held = fieldsOf(item['value']);
    const value = held?.['stringValue'] ?? held?.['intValue'] ?? held?.['doubleValue'];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  }
  return null;
}

/** The value of an attribute as a number; null where it is none. */
export function numberOf(list: unknown, key: string): number | null {
  const text = textOf(list, key);
  const value = text === null || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}
