/** A map that forgets its oldest entries: those before a time, and those beyond a number. */
export type Recent<Value> = {
  get(key: string): Value | undefined;
  has(key: string): boolean;
  /** @param at in any unit that grows; an entry that is set again keeps its age */
  set(key: string, value: Value, at: number): void;
  delete(key: string): void;
  /** Gives each entry from before a time to `onForgotten`, the first set first. */
  forgetBefore(time: number, onForgotten?: (value: Value) => void): void;
};

/** Entries of one kind that are kept: some 60 MB. More within the window need a shorter one. */
const MOST_KEPT = 200_000;

/** @param onOverflow gets what goes for more than `most` entries */
export function createRecent<Value>(
  onOverflow: (value: Value) => void,
  most: number = MOST_KEPT,
): Recent<Value> {
  const entries = new Map<string, { value: Value; readonly at: number }>();
  return {
    get: (key) => entries.get(key)?.value,
    has: (key) => entries.has(key),
    set(key, value, at) {
      const known = entries.get(key);
      if (known) known.value = value;
      else entries.set(key, { value, at });
      if (entries.size <= most) return;
      for (const [oldest, entry] of entries) {
        entries.delete(oldest);
        return onOverflow(entry.value);
      }
    },
    delete: (key) => void entries.delete(key),
    forgetBefore(time, onForgotten = () => {}) {
      for (const [key, { value, at }] of entries) {
        if (at >= time) return;
        entries.delete(key);
        onForgotten(value);
      }
    },
  };
}
