import { type Command, InvalidArgumentError } from 'commander';
import { millisecondsOf } from '../../config/duration.ts';
import { describeError, inputError } from '../../errors.ts';
import { terminalText } from '../../reports/hostile.ts';
import { describeRollout } from '../../reports/rollout/progress.ts';
import { amount, type CommonOptions, examples, option, withCommonOptions } from '../command-options.ts';
import { type Context, workspaceOf } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { isReady } from '../watch/look.ts';
import { replay, watchLive } from '../watch/run.ts';
import type { WatchResult } from '../watch/watch.ts';

type WatchOptions = CommonOptions & {
  once?: boolean;
  follow?: boolean;
  dryRun?: boolean;
  promote: boolean;
  interval: number;
  minutes?: number;
  replay?: string;
  versions?: readonly [string, string];
};

/** Milliseconds. Timers count no further than 25 days, and fire at once beyond. */
const LONGEST_INTERVAL = 86_400_000;

/** `promptline watch`. */
export function addWatch(program: Command, { host, setCode }: Context): void {
  withCommonOptions(program.command('watch'))
    .description('judge rollouts by live telemetry: advance, hold, revert')
    .argument('[id...]', 'prompts as family/name; default: all that are rolled out')
    .option('--once', 'look once and leave')
    .option('--follow', 'go on with the next steps and rollouts, until stopped')
    .addOption(option('--interval <time>', 'between two looks').argParser(interval).default(15_000, '15s'))
    .addOption(option('--minutes <m>', 'leave after this many minutes').argParser(amount))
    .option('--dry-run', 'judge, and neither act nor write')
    .option('--no-promote', 'judge and revert; leave when a step is due, for somebody else to take it')
    .option('--replay <path>', 'judge recorded telemetry by the clock of its records; nothing is written')
    .option('--versions <stable..new>', 'the versions of a replay; default: those being rolled out', versions)
    .addHelpText(
      'after',
      `${examples(
        'promptline watch',
        'promptline watch query_processing/default --follow --interval 30s',
        'promptline watch --once --dry-run',
        'promptline watch query_processing/default --replay telemetry/ --versions 1.0.0..1.1.0',
      )}\n
Leaves when a step ends: promoted, finished or reverted. Exit code 1: a version was reverted.
Telemetry comes from \`telemetry.sources\` of promptline.yaml. Without any, nothing is promoted.
Two watchers of the same rollout: one goes on, the other leaves.`,
    )
    .action(async (ids: string[], options: WatchOptions) => {
      const workspace = workspaceOf(host, options);
      const { once = false, follow = false, dryRun = false } = options;
      if (options.versions && options.replay === undefined)
        throw inputError('--versions is for a replay', 'Add --replay with a folder of telemetry');
      const limit = options.minutes === undefined ? null : options.minutes * 60_000;
      const { promote, interval: between } = options;
      const request = { ids, once, follow, dryRun, promote, interval: between, limit };
      const result =
        options.replay === undefined
          ? await watchLive(host, workspace, request)
          : await replay(host, workspace, {
              ...request,
              recorded: options.replay,
              versions: options.versions ?? null,
            });
      const reverted = result.happened.filter(({ entry }) => entry.what === 'reverted');
      for (const error of result.broken) host.onError?.(error);
      if (result.broken.length > 0) setCode(exitCodes.input);
      if (reverted.length > 0) setCode(exitCodes.gate);
      const goingOn = result.states.filter(({ canary }) => canary !== null).map(({ prompt }) => prompt);
      const ready = result.states.filter(isReady).map(({ prompt }) => prompt);
      host.onResult?.({ 'under-way': result.end === 'taken over' ? [] : goingOn, ready });
      if (options.json)
        host.terminal.out(`${JSON.stringify(documentOf(result, { underWay: goingOn, ready }))}\n`);
      else for (const line of linesOf(result)) host.terminal.out(`${line}\n`);
    });
}

/** What others build on. */
function documentOf(
  { end, happened, states, problems, broken }: WatchResult,
  prompts: { readonly underWay: readonly string[]; readonly ready: readonly string[] },
) {
  return {
    schema: 1,
    command: 'watch',
    end,
    happened: happened.map(({ prompt, entry }) => ({ prompt, ...entry })),
    rollouts: states.map(({ prompt, stable, canary }) => ({
      prompt,
      stable: stable?.version ?? null,
      canary: canary?.release.version ?? null,
      percent: canary?.percent ?? null,
      decision: canary?.decision ?? null,
    })),
    ...prompts,
    problems: [...broken, ...problems].map(describeError),
  };
}

function linesOf({ end, happened, states }: WatchResult): readonly string[] {
  const events = happened.map(({ prompt, entry }) => {
    const { at, what, version, percent, by, reasons } = entry;
    const users = percent === null || percent === 0 ? '' : ` ${percent} %`;
    return terminalText(
      `${at}  ${prompt} ${version ?? ''} ${what}${users} by ${by}: ${reasons.join('; ')}`,
      900,
    );
  });
  const last =
    end === 'taken over'
      ? 'Another watcher is at it.'
      : states.length === 0
        ? 'No rollout is under way.'
        : null;
  return [...events, ...states.map(describeRollout), ...(last === null ? [] : [last])];
}

function interval(text: string): number {
  if (!/^\d+(s|m|h)$/.test(text)) throw new InvalidArgumentError('Give a time as 15s or 1m.');
  const value = millisecondsOf(text);
  if (value < 1000 || value > LONGEST_INTERVAL) throw new InvalidArgumentError('Give 1s to 24h.');
  return value;
}

function versions(text: string): readonly [string, string] {
  const [stable, canary, ...more] = text.split('..');
  if (!stable || !canary || more.length > 0)
    throw new InvalidArgumentError('Give two versions, as 1.0.0..1.1.0.');
  return [stable, canary];
}
