import type { Signal } from '../signal.ts';

/** How far apart the places are at which reading can begin anew, in milliseconds of events. */
const MARK_EVERY = 5000;

/** Remembers which byte of a file belongs to which time, as far back as the window goes. */
export type Marks = {
  /** @param end the byte after the line that the signals came from */
  add(end: number, signals: readonly Signal[], now: number): void;
  /** Where a line begins, before which no event is within the window. */
  from(): number;
};

/** @param start the byte where reading began; `window` in milliseconds */
export function createMarks(start: number, window: number): Marks {
  const marks: { readonly offset: number; readonly until: number }[] = [];
  let [end, newest] = [start, 0];
  return {
    add(next, signals, now) {
      for (const { at } of signals) newest = Math.max(newest, Math.min(at, now));
      const last = marks.at(-1);
      if (!last || newest - last.until >= MARK_EVERY) marks.push({ offset: end, until: newest });
      end = next;
      while (marks.length > 1 && (marks[1]?.until ?? 0) < newest - window) marks.shift();
    },
    from: () => marks[0]?.offset ?? start,
  };
}
