import { outsideError, PromptlineError } from '../../errors.ts';
import type { FileChange } from '../../host/repository-host.ts';
import type { StateBranch } from '../../host/state-branch.ts';
import { terminalText } from '../../reports/hostile.ts';
import type { Effect } from '../../rollout/effects.ts';
import type { Transition } from '../../rollout/moves.ts';
import { type Recording, recordsOf } from '../../rollout/records.ts';
import type { LogEntry, RolloutState } from '../../rollout/state.ts';
import type { Publisher } from './publisher.ts';
import { type RecordPlace, record } from './records.ts';
import { type Rollouts, saveRollouts, stateOf } from './state-files.ts';

/** Where the effects of rollouts take place. */
export type Outside = RecordPlace & {
  readonly branch: StateBranch;
  readonly publisher: Publisher;
  /** Tells people at once; a record follows. */
  readonly alert: (prompt: string, entry: LogEntry) => Promise<void>;
};

type Contents = ReadonlyMap<string, FileChange>;

/** What became of effects. */
export type Carried = {
  /** The rollouts as they are now; null where someone else changed the branch first, so that nothing but what takes versions back was done. */
  readonly rollouts: Rollouts | null;
  /** What failed after users were served, or kept one prompt's promotion from being served; {@link reconcile} tries records again. */
  readonly problems: readonly PromptlineError[];
};

/**
 * Carries out what follows from events, of each prompt at most one. What takes a version back is served first, and waits for no question
 * about releases; a promotion is served only where its release is published. State and manifest are one commit, which is then published.
 * Records come last: each is tried, whatever became of the one before.
 *
 * @param before the rollouts that the transitions were made from
 * @param contents by prompt, of versions that begin to be served: they come with the state that names them
 * @throws {PromptlineError} where what is served could not be written: then nothing has changed, or only what takes versions back
 */
export async function carryOut(
  outside: Outside,
  before: Rollouts,
  transitions: readonly Transition[],
  contents: Contents = new Map(),
): Promise<Carried> {
  const effective = transitions.filter(({ effects }) => effects.length > 0);
  const promotions = effective.filter(({ effects }) => effects.some(isRelease));
  const safe = effective.filter((transition) => !promotions.includes(transition));
  const first = await serve(outside, before, safe, contents);
  if (first.rollouts === null) return first;
  const { ready, problems } = await released(outside, promotions);
  const second = await serve(outside, first.rollouts, ready, contents);
  return { rollouts: second.rollouts, problems: [...first.problems, ...problems, ...second.problems] };
}

/** Publishes what an earlier run, or somebody else, could not. Gives what failed. */
export async function publishedAgain(
  { publisher }: Pick<Outside, 'publisher'>,
  { commit }: Rollouts,
): Promise<readonly PromptlineError[]> {
  const problems: PromptlineError[] = [];
  await collect(problems, () => publisher.retry(commit));
  return problems;
}

/**
 * Makes the records that rollouts' logs ask for and that are missing, as after a kill or an outage. Gives what failed.
 * @param kinds what the token may write
 */
export async function reconcile(
  outside: RecordPlace,
  { states }: Rollouts,
  kinds: readonly Recording['do'][] = ['tag', 'issue', 'pull request'],
): Promise<readonly PromptlineError[]> {
  const problems: PromptlineError[] = [];
  for (const state of states.values()) {
    const wanted = recordsOf(state).filter((recording) => kinds.includes(recording.do));
    if (wanted.length === 0) continue;
    await collect(problems, async () => {
      const tags = await outside.host.tagsBeginning(`rollouts/${state.prompt}@`);
      for (const recording of wanted) {
        if (recording.do === 'tag' && tags.has(recording.tag)) continue;
        await collect(problems, () => record(outside, state, recording));
      }
    });
  }
  return problems;
}

async function serve(
  outside: Outside,
  before: Rollouts,
  transitions: readonly Transition[],
  contents: Contents,
): Promise<Carried> {
  if (transitions.length === 0) return { rollouts: before, problems: [] };
  const changed = transitions.map(({ state }) => state);
  const message = changed.map((state) => headline(stateOf(before, state.prompt), state)).join('\n');
  const rollouts = await saveRollouts(outside.branch, before, {
    changed,
    contents: changed.flatMap((state) => contents.get(state.prompt) ?? []),
    plan: outside.plan,
    message,
  });
  if (rollouts === null) return { rollouts, problems: [] };
  const problems: PromptlineError[] = [];
  if (transitions.some(({ effects }) => effects.some(isServing)))
    await collect(problems, () => outside.publisher.publish(rollouts.commit));
  for (const { state, effects } of transitions)
    for (const effect of effects) await collect(problems, () => follow(outside, state, effect));
  return { rollouts, problems };
}

/** What comes after users are served. */
async function follow(outside: Outside, state: RolloutState, effect: Effect): Promise<void> {
  switch (effect.do) {
    case 'alert':
      return outside.alert(state.prompt, effect.entry);
    case 'tag':
    case 'issue':
    case 'pull request':
      return record(outside, state, effect);
    default:
      return;
  }
}

/** The transitions whose content is published. */
async function released(
  { host }: Outside,
  transitions: readonly Transition[],
): Promise<{ ready: readonly Transition[]; problems: readonly PromptlineError[] }> {
  const ready: Transition[] = [];
  const problems: PromptlineError[] = [];
  for (const transition of transitions) {
    await collect(problems, async () => {
      for (const { release } of transition.effects.filter(isRelease)) {
        if ((await host.publishedRelease(release.ref)) === null)
          throw outsideError(
            `${release.ref} is not published, so it is not served`,
            'Run `promptline release`',
          );
      }
      ready.push(transition);
    });
  }
  return { ready, problems };
}

function isServing(effect: Effect): boolean {
  return effect.do === 'serve';
}

function isRelease(effect: Effect): effect is Extract<Effect, { do: 'release' }> {
  return effect.do === 'release';
}

/** One line for the history of the branch. */
function headline(before: RolloutState, { prompt, log }: RolloutState): string {
  const entry = log.at(-1);
  if (!entry || entry === before.log.at(-1)) return terminalText(`${prompt}: evidence`, 160);
  const users = entry.percent === null ? '' : `, ${entry.percent} %`;
  return terminalText(`${prompt} ${entry.version ?? ''}: ${entry.what}${users}`, 160);
}

async function collect(problems: PromptlineError[], act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof PromptlineError)) throw error;
    problems.push(error);
  }
}
