import type { Reading } from './evidence.ts';
import type { Cursor } from './observation.ts';
import type { Release } from './state.ts';

/** What a person does, with a name and a reason for the log. */
type ByPerson = { readonly by: string; readonly reason: string; readonly at: string };

/** What happens to the rollout of one prompt. Times are ISO 8601. */
export type RolloutEvent =
  /** A version was published. It begins its rollout, in place of an older one that is still under way. */
  | { readonly type: 'released'; readonly release: Release; readonly cursor: Cursor; readonly at: string }
  /**
   * Telemetry was read, from the cursor `after` on, while `generation` was served. What was read from elsewhere than the stored
   * cursor, or of what is no longer served, is passed over: it has been counted or belongs to another comparison.
   */
  | {
      readonly type: 'observed';
      readonly generation: number;
      readonly after: Cursor;
      readonly reading: Reading;
    }
  /** Time went by. */
  | { readonly type: 'tick'; readonly at: string }
  /** The next step without waiting for evidence. */
  | ({ readonly type: 'advance' } & ByPerson)
  | ({ readonly type: 'revert' } & ByPerson)
  /** A revert, and nothing is promoted until somebody unfreezes. */
  | ({ readonly type: 'emergency' } & ByPerson)
  /** Nothing is promoted or started; reverts go on. */
  | ({ readonly type: 'freeze' } & ByPerson)
  | ({ readonly type: 'unfreeze'; readonly cursor: Cursor } & ByPerson)
  /** Lets a reverted content be released again. */
  | ({ readonly type: 'clear'; readonly sha256: string } & ByPerson);
