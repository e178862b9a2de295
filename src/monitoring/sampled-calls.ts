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

/** @param most calls that are kept */
export function createSampledCalls(most: number): SampledCalls {
  let share = 1;
  let kept: ObservedCall[] = [];
  return {
    add(call) {
      if (call.place >= share) return;
      kept.push(call);
      // One user may have them all; then there is nothing left to halve.
      while (kept.length > most && share > SMALLEST_SHARE) {
        share /= 2;
        kept = kept.filter(({ place }) => place < share);
      }
      if (kept.length > most) kept = kept.slice(-Math.ceil(most / 2));
    },
    list: () => kept.toSorted((a, b) => a.at - b.at),
    get share() {
      return share;
    },
  };
}

const SMALLEST_SHARE = 2 ** -16;
