import type { PromptlineError } from '../../errors.ts';
import type { StateBranch } from '../../host/state-branch.ts';
import type { Transition } from '../../rollout/moves.ts';
import { type Carried, carryOut, type Outside, publishedAgain, reconcile } from '../rollouts/carry-out.ts';
import { loadRollouts, type Rollouts } from '../rollouts/state-files.ts';

/** The state of rollouts, and who carries out what is decided about them. */
export type Desk = {
  load(): Promise<Rollouts>;
  carryOut(before: Rollouts, transitions: readonly Transition[]): Promise<Carried>;
  /** Makes records that an earlier run could not make. */
  reconcile(rollouts: Rollouts): Promise<readonly PromptlineError[]>;
  /** Publishes what is served and was not published, by whomever it is. */
  publish(rollouts: Rollouts): Promise<readonly PromptlineError[]>;
};

export function actingDesk(outside: Outside): Desk {
  return {
    load: () => loadRollouts(outside.branch),
    carryOut: (before, transitions) => carryOut(outside, before, transitions),
    reconcile: (rollouts) => reconcile(outside, rollouts),
    publish: (rollouts) => publishedAgain(outside, rollouts),
  };
}

/** Decisions are kept in mind and nothing is written. Whatever others write counts at once and ends what was kept. */
export function dryDesk(branch: StateBranch): Desk {
  let kept: Rollouts | null = null;
  return {
    async load() {
      const rollouts = await loadRollouts(branch);
      return kept?.commit === rollouts.commit ? kept : rollouts;
    },
    async carryOut(before, transitions) {
      kept = withStates(before, transitions);
      return { rollouts: kept, problems: [] };
    },
    reconcile: async () => [],
    publish: async () => [],
  };
}

/** Begins with given rollouts and keeps everything in mind. */
export function memoryDesk(begin: Rollouts): Desk & { isUnderWay(): boolean } {
  let rollouts = begin;
  return {
    load: async () => rollouts,
    async carryOut(before, transitions) {
      rollouts = withStates(before, transitions);
      return { rollouts, problems: [] };
    },
    reconcile: async () => [],
    publish: async () => [],
    isUnderWay: () => [...rollouts.states.values()].some(({ canary }) => canary !== null),
  };
}

function withStates(rollouts: Rollouts, transitions: readonly Transition[]): Rollouts {
  return {
    ...rollouts,
    states: new Map([...rollouts.states, ...transitions.map(({ state }) => [state.prompt, state] as const)]),
  };
}
