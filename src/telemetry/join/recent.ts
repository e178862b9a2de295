/**
 * A map that forgets its oldest entries: those before a time, and those beyond a number. Keys are whole numbers in [0, 2^53), those that
 * `keys.ts` makes of names.
 */
export type Recent<Value> = {
  get(key: number): Value | undefined;
  has(key: number): boolean;
  /** @param at in any unit that grows; an entry that is set again keeps its age */
  set(key: number, value: Value, at: number): void;
  delete(key: number): void;
  /** Gives each entry from before a time to `onForgotten`, the first set first. */
  forgetBefore(time: number, onForgotten?: (value: Value) => void): void;
};

/** Entries of one kind that are kept: up to 17 MB beside their values. More within the window need a shorter one. */
const MOST_KEPT = 200_000;

const FIRST_ROOM = 1024;

/**
 * Rows in the order in which they were set, found by hashing with linear probing. Entries come and go by the million: as objects in a Map they
 * would be most of the memory, and most of what the garbage collector has to do.
 *
 * @param onOverflow gets what goes for more than `most` entries
 */
export function createRecent<Value extends object | number | null>(
  onOverflow: (value: Value) => void,
  most: number = MOST_KEPT,
): Recent<Value> {
  let keys = new Float64Array(FIRST_ROOM);
  let times = new Float64Array(FIRST_ROOM);
  // Undefined where an entry is gone; its row stays until they are full. The row 0 is nobody's.
  const values: (Value | undefined)[] = [undefined];
  // Of each key its row; twice as many as rows, so that most are 0 and one of those is near.
  let slots = new Int32Array(2 * FIRST_ROOM);
  let [oldest, kept] = [1, 0];

  /** Where the row of a key is noted, or would be. */
  function slotOf(key: number): number {
    const last = slots.length - 1;
    let slot = key & last;
    for (;;) {
      const row = Number(slots[slot]);
      if (row === 0 || (keys[row] === key && values[row] !== undefined)) return slot;
      slot = (slot + 1) & last;
    }
  }

  /** 0 where there is none. */
  function rowOf(key: number): number {
    return Number(slots[slotOf(key)]);
  }

  /** Leaves out what is gone, and doubles the room where more than half of it is taken. */
  function tidy(): void {
    const isCrowded = 2 * kept > keys.length;
    if (isCrowded) [keys, times] = [doubled(keys), doubled(times)];
    slots = isCrowded ? new Int32Array(2 * keys.length) : slots.fill(0);
    let count = 1;
    for (let row = oldest; row < values.length; row += 1) {
      const value = values[row];
      if (value === undefined) continue;
      const key = Number(keys[row]);
      keys[count] = key;
      times[count] = Number(times[row]);
      values[count] = value;
      slots[slotOf(key)] = count;
      count += 1;
    }
    values.length = count;
    oldest = 1;
  }

  /** Takes an entry out and gives its value; undefined where it is gone already. */
  function remove(row: number): Value | undefined {
    const value = values[row];
    if (value !== undefined) kept -= 1;
    values[row] = undefined;
    return value;
  }

  return {
    get: (key) => values[rowOf(key)],
    has: (key) => rowOf(key) > 0,
    set(key, value, at) {
      const known = rowOf(key);
      if (known > 0) {
        values[known] = value;
        return;
      }
      if (values.length === keys.length) tidy();
      const row = values.length;
      keys[row] = key;
      times[row] = at;
      values.push(value);
      slots[slotOf(key)] = row;
      kept += 1;
      while (kept > most) {
        const gone = remove(oldest);
        oldest += 1;
        if (gone !== undefined) onOverflow(gone);
      }
    },
    delete(key) {
      remove(rowOf(key));
    },
    forgetBefore(time, onForgotten = () => {}) {
      while (oldest < values.length && (values[oldest] === undefined || Number(times[oldest]) < time)) {
        const gone = remove(oldest);
        oldest += 1;
        if (gone !== undefined) onForgotten(gone);
      }
    },
  };
}

function doubled(array: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * array.length);
  larger.set(array);
  return larger;
}
