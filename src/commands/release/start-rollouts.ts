import { outsideError, type PromptlineError } from '../../errors.ts';
import type { Release } from '../../rollout/state.ts';
import { transition } from '../../rollout/transition.ts';
import { carryOut, type Outside, publishedAgain, reconcile } from '../rollouts/carry-out.ts';
import { contentFile, type ReleasedPrompt } from '../rollouts/contents.ts';
import { brokenIn, loadRollouts, stateOf } from '../rollouts/state-files.ts';

/** What became of the rollouts of released versions. */
export type Started = {
  /** By prompt, of those that began now: what users get, in words. */
  readonly started: ReadonlyMap<string, string>;
  /** By prompt, of those that may not be rolled out: why. */
  readonly refused: ReadonlyMap<string, string>;
  readonly problems: readonly PromptlineError[];
};

/** How often the branch is read again when someone else was faster: a watcher writes a few times a minute. */
const MOST_TRIES = 10;

/**
 * Begins the rollout of each version that its prompt's state does not know. May be run again after any failure.
 * @param releases by prompt
 */
export async function startRollouts(
  outside: Outside,
  releases: ReadonlyMap<string, ReleasedPrompt>,
  at: string,
): Promise<Started> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const before = await loadRollouts(outside.branch);
    const readable = [...releases].filter(([prompt]) => !before.broken.has(prompt));
    const answers = readable.map(([prompt, { release }]) => {
      const state = stateOf(before, prompt);
      const event = { type: 'released', release, cursor: {}, at } as const;
      return { prompt, release, state, answer: transition(state, event, outside.plan) };
    });
    const { rollouts, problems } = await carryOut(
      outside,
      before,
      answers.map(({ answer }) => answer),
      new Map([...releases].map(([prompt, released]) => [prompt, contentFile(released)])),
    );
    if (rollouts === null) continue;
    return {
      started: new Map(
        answers.flatMap(({ prompt, state }) => {
          const entry = stateOf(rollouts, prompt).log.at(-1);
          return entry && entry !== state.log.at(-1)
            ? [[prompt, `${entry.what} ${entry.percent ?? 0} %`]]
            : [];
        }),
      ),
      refused: new Map(
        answers.flatMap(({ prompt, release, state, answer: { refused } }) =>
          refused !== null && isTaken(state.quarantine, release) ? [[prompt, refused]] : [],
        ),
      ),
      problems: [
        ...brokenIn(before, [...releases.keys()]),
        ...problems,
        ...(await publishedAgain(outside, rollouts)),
        ...(await reconcile(outside, rollouts, ['tag'])),
      ],
    };
  }
  throw outsideError(
    `the branch ${outside.branch.name} was changed by others ${MOST_TRIES} times in a row`,
    'Run it again: it goes on where it stopped',
  );
}

/** Any other refusal says that the version, or a newer one, has been rolled out already. */
function isTaken(quarantine: readonly { readonly release: Release }[], { sha256 }: Release): boolean {
  return quarantine.some(({ release }) => release.sha256 === sha256);
}
