import { inputError, outsideError, type PromptlineError } from '../../errors.ts';
import type { RolloutEvent } from '../../rollout/events.ts';
import type { RolloutState } from '../../rollout/state.ts';
import { transition } from '../../rollout/transition.ts';
import { carryOut, type Outside } from './carry-out.ts';
import { loadRollouts, stateOf } from './state-files.ts';

/** What became of something that a person did. */
export type Done = {
  readonly before: RolloutState;
  readonly after: RolloutState;
  /** Records that failed; what users get is as it should be. */
  readonly problems: readonly PromptlineError[];
};

/** Times that someone else may write first, such as a watcher. */
const ATTEMPTS = 10;

/**
 * One event of a person on one prompt's rollout.
 *
 * @param eventOf makes the event from the state as it is at the moment
 * @throws {PromptlineError} where it is refused, or could not be written: then nothing has changed
 */
export async function byHand(
  outside: Outside,
  prompt: string,
  eventOf: (state: RolloutState) => RolloutEvent,
): Promise<Done> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const rollouts = await loadRollouts(outside.branch);
    const before = stateOf(rollouts, prompt);
    const moved = transition(before, eventOf(before), outside.plan);
    if (moved.refused !== null && moved.effects.length === 0)
      throw inputError(`${prompt}: ${moved.refused}`, 'See `promptline rollout status`');
    const { rollouts: after, problems } = await carryOut(outside, rollouts, [moved]);
    if (after === null) continue;
    const [problem] = problems;
    // A promotion whose content is not published is not served.
    if (stateOf(after, prompt) !== moved.state && problem) throw problem;
    return { before, after: moved.state, problems };
  }
  throw outsideError(`the state of ${prompt} keeps changing`, 'Run it again');
}
