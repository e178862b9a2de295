import type { ObservedCall } from './observed-call.ts';

/**
 * The calls of one prompt in bounded memory. All are kept up to a number; beyond it only those of a half of the users, then of a quarter,
 * and so on. Users are chosen by the hash of their name: whoever is kept is kept whole, in every window, so that windows stay
 * comparable and the same telemetry gives the same sample.
 */
export type SampledCalls = {
  add(call: ObservedCall): void;
  /** In the order of their ends. */
  list(): readonly ObservedCall[];
  /** Of users that are kept: 1, 1/2, 1/4, ... */
  readonly share: number;
};

/** @param most calls that are kept, 1 or more */
export function createSampledCalls(most: number): SampledCalls {
  let share = 1;
  let kept: ObservedCall[] = [];
  return {
    add(call) {
      if (call.place >= share) return;
      kept.push(call);
      while (kept.length > most) {
        const half = kept.filter(({ place }) => place < share / 2);
        // One user may have them all; then there is nothing left to halve.
        if (half.length === 0 || share <= SMALLEST_SHARE) kept = kept.slice(-Math.ceil(most / 2));
        else [share, kept] = [share / 2, half];
      }
    },
    list: () => kept.toSorted((a, b) => a.at - b.at),
    get share() {
      return share;
    },
  };
}

const SMALLEST_SHARE = 2 ** -16;
