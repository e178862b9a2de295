import { inputError } from '../../errors.ts';
import type { FileChange } from '../../host/repository-host.ts';
import type { StateBranch } from '../../host/state-branch.ts';
import { renderRolloutPage } from '../../reports/rollout/state-page.ts';
import { formatManifest, manifestOf } from '../../rollout/manifest.ts';
import type { RolloutPlan } from '../../rollout/plan.ts';
import { formatState, initialState, parseState, type RolloutState } from '../../rollout/state.ts';
import { validateManifest } from '../../rollout/validate-manifest.ts';

/** The rollouts of all prompts as the state branch had them at one commit. */
export type Rollouts = {
  /** Null where nothing was written yet. */
  readonly commit: string | null;
  /** By prompt. */
  readonly states: ReadonlyMap<string, RolloutState>;
};

/** What readers are served, on the state branch. */
const manifestFile = 'flags.json';

/** Reads every state. Throws a PromptlineError where one is broken, or the branch cannot be read. */
export async function loadRollouts(branch: StateBranch): Promise<Rollouts> {
  const { commit, files } = await branch.read();
  const states = [...files].flatMap(([file, text]) => {
    const [, prompt] = /^state\/(.+)\.json$/.exec(file) ?? [];
    return prompt === undefined ? [] : [[prompt, readState(text, file, prompt)] as const];
  });
  return { commit, states: new Map(states) };
}

/** The state of a prompt, which is empty where nothing of it was released. */
export function stateOf({ states }: Rollouts, prompt: string): RolloutState {
  return states.get(prompt) ?? initialState(prompt);
}

/**
 * Writes states, the manifest made of all of them, and the page for people, as one commit: what is served is never at odds with what is
 * known. The manifest is checked against flagd's schema first.
 *
 * @param before the branch as it was read; nothing is written where it has changed since
 * @returns the branch as it is now; null where someone else changed it
 */
export async function saveRollouts(
  branch: StateBranch,
  before: Rollouts,
  {
    changed,
    contents = [],
    plan,
    message,
  }: {
    readonly changed: readonly RolloutState[];
    /** Of versions that begin to be served. */
    readonly contents?: readonly FileChange[];
    readonly plan: RolloutPlan;
    readonly message: string;
  },
): Promise<Rollouts | null> {
  const states = new Map([...before.states, ...changed.map((state) => [state.prompt, state] as const)]);
  const all = [...states.values()];
  const manifest = formatManifest(manifestOf(all));
  validateManifest(manifest);
  const commit = await branch.commit({
    expected: before.commit,
    files: [
      ...changed.map((state) => ({ path: stateFile(state.prompt), content: formatState(state) })),
      ...contents,
      { path: manifestFile, content: manifest },
      { path: 'README.md', content: renderRolloutPage(all, plan) },
    ],
    message,
  });
  return commit === null ? null : { commit, states };
}

function stateFile(prompt: string): string {
  return `state/${prompt}.json`;
}

function readState(text: string, file: string, prompt: string): RolloutState {
  const state = parseState(text, file);
  if (state.prompt === prompt) return state;
  throw inputError(
    `this is the state of the prompt "${state.prompt}"`,
    'Take the last good commit of the state branch',
    {
      file,
    },
  );
}
