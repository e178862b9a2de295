import type { Arm } from '../statistics/blocks.ts';
import type { CountBatch } from '../statistics/two-proportions.ts';

/**
 * One user's outcome in one arm, as telemetry read it. The first one of a user in a rollout counts for each metric, later ones are
 * passed over: what one user does twice is no second piece of evidence.
 */
export type Observation = {
  /** The targeting key, never a name: {@link targetingKeyOf} of the user's id. */
  readonly user: string;
  readonly arm: Arm;
  /**
   * By metric, the mean over the user's events that were read: latency in milliseconds, cost in US dollars, all others in [0, 1] and
   * higher is better. A metric that the user has no event for is left out.
   */
  readonly values: Readonly<Record<string, number>>;
};

/** What the counters of one metric grew by since the last reading, without users. */
export type CounterReading = CountBatch & { readonly metric: string };

/** How far each source has been read, in words of its own. */
export type Cursor = Readonly<Record<string, string>>;
