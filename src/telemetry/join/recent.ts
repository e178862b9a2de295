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

type Entry<Value> = {
  readonly key: string;
  value: Value;
  readonly at: number;
  before: Entry<Value> | null;
  after: Entry<Value> | null;
};

/** @param onOverflow gets what goes for more than `most` entries */
export function createRecent<Value>(
  onOverflow: (value: Value) => void,
  most: number = MOST_KEPT,
): Recent<Value> {
  const entries = new Map<string, Entry<Value>>();
  // A list of our own: a Map finds its first entry by passing all those that were deleted before it.
  let [oldest, newest]: [Entry<Value> | null, Entry<Value> | null] = [null, null];

  function remove(entry: Entry<Value>): void {
    entries.delete(entry.key);
    if (entry.before) entry.before.after = entry.after;
    else oldest = entry.after;
    if (entry.after) entry.after.before = entry.before;
    else newest = entry.before;
    // An old entry that waits for the garbage collector would keep all that came after it alive.
    [entry.before, entry.after] = [null, null];
  }

  return {
    get: (key) => entries.get(key)?.value,
    has: (key) => entries.has(key),
    set(key, value, at) {
      const known = entries.get(key);
      if (known) {
        known.value = value;
        return;
      }
      const entry: Entry<Value> = { key, value, at, before: newest, after: null };
      if (newest) newest.after = entry;
      else oldest = entry;
      newest = entry;
      entries.set(key, entry);
      if (entries.size <= most || !oldest) return;
      const last = oldest;
      remove(last);
      onOverflow(last.value);
    },
    delete(key) {
      const entry = entries.get(key);
      if (entry) remove(entry);
    },
    forgetBefore(time, onForgotten = () => {}) {
      while (oldest && oldest.at < time) {
        const { value } = oldest;
        remove(oldest);
        onForgotten(value);
      }
    },
  };
}
