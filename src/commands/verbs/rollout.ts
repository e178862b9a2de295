import { type Command, InvalidArgumentError } from 'commander';
import { describeError, inputError } from '../../errors.ts';
import { nearest } from '../../files/nearest.ts';
import { terminalText } from '../../reports/hostile.ts';
import { describeRollout } from '../../reports/rollout/progress.ts';
import type { RolloutEvent } from '../../rollout/events.ts';
import type { RolloutState } from '../../rollout/state.ts';
import { type CommonOptions, examples, withCommonOptions } from '../command-options.ts';
import { type Context, type Host, tellProblems, workspaceOf } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { byHand } from '../rollouts/by-hand.ts';
import { withStateBranch } from '../rollouts/open.ts';
import { openOutside } from '../rollouts/outside.ts';
import { personOf } from '../rollouts/person.ts';
import { brokenIn, loadRollouts, promptsIn } from '../rollouts/state-files.ts';
import { addRolloutPlan } from './rollout-plan.ts';

type ByHandOptions = CommonOptions & { reason: string; emergency?: boolean; reverted?: string };

/** What a person can do; each is one event. */
type Deed = {
  readonly name: 'advance' | 'revert' | 'freeze' | 'unfreeze' | 'clear';
  readonly description: string;
  readonly example: string;
  /** What the event needs beside who and why. */
  readonly event: (options: ByHandOptions, state: RolloutState, by: ByPerson) => RolloutEvent;
};

type ByPerson = { readonly by: string; readonly reason: string; readonly at: string };

const deeds: readonly Deed[] = [
  {
    name: 'advance',
    description: 'take the next step now, without waiting for evidence',
    example: 'promptline rollout advance query_processing/default --reason "tested by hand"',
    event: (_, __, by) => ({ type: 'advance', ...by }),
  },
  {
    name: 'revert',
    description: 'go back to the version before, now; after a finished rollout too',
    example: 'promptline rollout revert query_processing/default --reason "wrong answers" --emergency',
    event: ({ emergency = false }, _, by) => ({ type: emergency ? 'emergency' : 'revert', ...by }),
  },
  {
    name: 'freeze',
    description: 'start and promote nothing until it is unfrozen; reverts go on',
    example: 'promptline rollout freeze query_processing/default --reason "holidays"',
    event: (_, __, by) => ({ type: 'freeze', ...by }),
  },
  {
    name: 'unfreeze',
    description: 'end a freeze; what was released meanwhile starts',
    example: 'promptline rollout unfreeze query_processing/default --reason "all are back"',
    event: (_, __, by) => ({ type: 'unfreeze', cursor: {}, ...by }),
  },
  {
    name: 'clear',
    description: 'let a reverted content be released again',
    example: 'promptline rollout clear query_processing/default --reverted 1.1.0 --reason "a false alarm"',
    event: ({ reverted }, state, by) => ({ type: 'clear', sha256: quarantined(state, reverted), ...by }),
  },
];

/** `promptline rollout`. */
export function addRollout(program: Command, context: Context): void {
  const rollout = program
    .command('rollout')
    .description('see and steer rollouts by hand')
    .addHelpText(
      'after',
      examples('promptline rollout status', ...deeds.slice(0, 2).map(({ example }) => example)),
    );
  addStatus(rollout, context);
  for (const deed of deeds) addDeed(rollout, deed, context);
  addRolloutPlan(rollout, context);
}

function addStatus(rollout: Command, { host, setCode }: Context): void {
  withCommonOptions(rollout.command('status'))
    .description('where rollouts stand, and why')
    .argument('[id...]', 'prompts as family/name; default: all')
    .addHelpText('after', examples('promptline rollout status', 'promptline rollout status --json'))
    .action(async (ids: string[], options: CommonOptions) => {
      const workspace = workspaceOf(host, options);
      const rollouts = await withStateBranch(host, workspace, loadRollouts);
      for (const id of ids) requireKnown(id, promptsIn(rollouts));
      const shown = [...rollouts.states.values()].filter(
        ({ prompt }) => ids.length === 0 || ids.includes(prompt),
      );
      const broken = brokenIn(rollouts, ids);
      tellProblems(host, broken);
      if (broken.length > 0) setCode(exitCodes.input);
      if (options.json) {
        const document = { schema: 1, command: 'rollout status', rollouts: shown.map(documentOf) };
        host.terminal.out(`${JSON.stringify(document)}\n`);
      } else if (shown.length + broken.length === 0) host.terminal.out('Nothing has been released yet.\n');
      else for (const state of shown) host.terminal.out(`${linesOf(state).join('\n')}\n`);
    });
}

function addDeed(rollout: Command, deed: Deed, { host }: Context): void {
  const command = withCommonOptions(rollout.command(deed.name))
    .description(deed.description)
    .argument('<id>', 'the prompt, as family/name')
    .requiredOption('--reason <text>', 'why, for the log', meaningful);
  if (deed.name === 'revert')
    command.option('--emergency', 'freeze it too: nothing is promoted until unfrozen');
  if (deed.name === 'clear')
    command.option('--reverted <version>', 'the reverted version; default: the only one');
  command.addHelpText('after', examples(deed.example)).action(async (id: string, options: ByHandOptions) => {
    const workspace = workspaceOf(host, options);
    const by = await personOf(host, workspace.root);
    const done = await withStateBranch(host, workspace, async (branch) => {
      const outside = await openOutside(host, workspace, branch);
      requireKnown(id, promptsIn(await loadRollouts(branch)));
      return byHand(outside, id, (state) => {
        const at = new Date(host.terminal.now()).toISOString();
        return deed.event(options, state, { by, reason: options.reason, at });
      });
    });
    for (const problem of done.problems) host.terminal.note(terminalText(describeError(problem), 1000));
    showDone(host, deed, { ...done, json: options.json ?? false });
  });
}

function showDone(
  { terminal }: Host,
  { name }: Deed,
  { after, problems, json }: Awaited<ReturnType<typeof byHand>> & { readonly json: boolean },
): void {
  const document = {
    schema: 1,
    command: `rollout ${name}`,
    rollout: documentOf(after),
    problems: problems.map(describeError),
  };
  terminal.out(`${json ? JSON.stringify(document) : describeRollout(after)}\n`);
}

/** The state in the parts that people and programs use; the evidence in numbers is in the decision. */
function documentOf({ prompt, generation, stable, canary, waiting, frozen, quarantine, log }: RolloutState) {
  return {
    prompt,
    generation,
    stable,
    canary: canary && {
      release: canary.release,
      percent: canary.percent,
      stepSince: canary.stepSince,
      decision: canary.decision,
    },
    waiting,
    frozen,
    quarantine,
    log,
  };
}

function linesOf(state: RolloutState): readonly string[] {
  const { waiting, frozen, quarantine } = state;
  return [
    describeRollout(state),
    ...(frozen
      ? [`  frozen since ${frozen.at} by ${terminalText(frozen.by)}: ${terminalText(frozen.reason)}`]
      : []),
    ...(waiting ? [`  ${terminalText(waiting.version)} waits for that`] : []),
    ...quarantine.map(
      ({ release, reason }) =>
        `  ${terminalText(release.version)} is not served again: ${terminalText(reason, 500)}`,
    ),
  ];
}

function quarantined({ prompt, quarantine }: RolloutState, version: string | undefined): string {
  const found = quarantine.filter(({ release }) => version === undefined || release.version === version);
  const [only, ...others] = found;
  if (only && others.length === 0) return only.release.sha256;
  const versions = quarantine.map(({ release }) => release.version).join(', ');
  throw inputError(
    only ? `several versions of ${prompt} are quarantined` : `${prompt} has no such version in quarantine`,
    versions === '' ? 'There is nothing to clear' : `Name one with --reverted: ${versions}`,
  );
}

function requireKnown(id: string, known: readonly string[]): void {
  if (known.includes(id)) return;
  const guess = nearest(id, known);
  const others = known.length === 0 ? 'Release a version first' : `There are: ${known.join(', ')}`;
  throw inputError(`nothing of "${id}" was released`, guess ? `Did you mean "${guess}"?` : others);
}

function meaningful(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Say why: others will read it.');
  return text.trim().slice(0, 1000);
}
