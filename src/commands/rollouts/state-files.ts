import { inputError, PromptlineError } from '../../errors.ts';
import type { FileChange } from '../../host/repository-host.ts';
import type { StateBranch } from '../../host/state-branch.ts';
import { renderRolloutPage } from '../../reports/rollout/state-page.ts';
import { type Flag, formatManifest, manifestOf, parseManifest } from '../../rollout/manifest.ts';
import type { RolloutPlan } from '../../rollout/plan.ts';
import { formatState, initialState, parseState, type RolloutState } from '../../rollout/state.ts';
import { flagKey } from '../../rollout/targeting.ts';
import { validateManifest } from '../../rollout/validate-manifest.ts';

/** The rollouts of all prompts as the state branch had them at one commit. */
export type Rollouts = {
  /** Null where nothing was written yet. */
  readonly commit: string | null;
  /** By prompt. */
  readonly states: ReadonlyMap<string, RolloutState>;
  /** By prompt, those whose state cannot be read: they stay as they are until somebody restores it, and the others go on. */
  readonly broken: ReadonlyMap<string, BrokenState>;
};

type BrokenState = {
  readonly error: PromptlineError;
  /** What users are served, and go on being served; null where nothing was. */
  readonly flag: Flag | null;
};

/** What readers are served, on the state branch. */
const manifestFile = 'flags.json';

/** Reads every state. Throws a PromptlineError where the branch cannot be read, or what is served of a prompt whose state is broken. */
export async function loadRollouts(branch: StateBranch): Promise<Rollouts> {
  const { commit, files } = await branch.read();
  const states = new Map<string, RolloutState>();
  const errors = new Map<string, PromptlineError>();
  for (const [file, text] of files) {
    const [, prompt] = /^state\/(.+)\.json$/.exec(file) ?? [];
    if (prompt === undefined) continue;
    try {
      states.set(prompt, readState(text, file, prompt));
    } catch (error) {
      if (!(error instanceof PromptlineError)) throw error;
      errors.set(prompt, error);
    }
  }
  const served = errors.size > 0 ? files.get(manifestFile) : undefined;
  const flags = served === undefined ? {} : parseManifest(served, manifestFile).flags;
  const broken = [...errors].map(([prompt, error]) => {
    const key = flagKey(prompt);
    return [prompt, { error, flag: (Object.hasOwn(flags, key) && flags[key]) || null }] as const;
  });
  return { commit, states, broken: new Map(broken) };
}

/** The state of a prompt, which is empty where nothing of it was released. Throws a PromptlineError where it is broken. */
export function stateOf({ states, broken }: Rollouts, prompt: string): RolloutState {
  const unreadable = broken.get(prompt);
  if (unreadable) throw unreadable.error;
  return states.get(prompt) ?? initialState(prompt);
}

/** The prompts of which something was released. */
export function promptsIn({ states, broken }: Rollouts): readonly string[] {
  return [...states.keys(), ...broken.keys()];
}

/** What is wrong with states, of all prompts or of those named. */
export function brokenIn({ broken }: Rollouts, prompts: readonly string[]): readonly PromptlineError[] {
  return [...broken].flatMap(([prompt, { error }]) =>
    prompts.length === 0 || prompts.includes(prompt) ? [error] : [],
  );
}

/**
 * Writes states, the manifest made of all of them, and the page for people, as one commit: what is served is never at odds with what is
 * known. What is served of a prompt whose state is broken stays. The manifest is checked against flagd's schema first.
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
  const { broken } = before;
  const kept = [...broken.values()].flatMap(({ flag }) => flag ?? []);
  const manifest = formatManifest(manifestOf(all, kept));
  validateManifest(manifest);
  const commit = await branch.commit({
    expected: before.commit,
    files: [
      ...changed.map((state) => ({ path: stateFile(state.prompt), content: formatState(state) })),
      ...contents,
      { path: manifestFile, content: manifest },
      { path: 'README.md', content: renderRolloutPage(all, plan, broken) },
    ],
    message,
  });
  return commit === null ? null : { commit, states, broken };
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
