import * as core from '@actions/core';
import type { PullRequestBase } from './pull-request-base.ts';

/** Inputs that are options of the commands, by the option's name. */
const options = [
  ...[
    'root',
    'base',
    'versions',
    'split',
    'tags',
    'limit',
    'shard',
    'repeat',
    'model',
    'strategy',
    'seed',
    'parallel',
  ],
  ...['calls', 'tokens', 'usd', 'minutes', 'concurrency', 'interval', 'since', 'reason', 'html'],
];

/** Commands that write a folder of results. */
const writing: ReadonlySet<string> = new Set(['check', 'evaluate', 'merge', 'optimize', 'report']);
/** Commands that compare with a pull request's base unless told otherwise. */
const comparing: ReadonlySet<string> = new Set(['check', 'evaluate']);

/** What the Action was asked to do, as a command line. */
export type ActionInputs = {
  readonly command: string;
  readonly args: readonly string[];
  /** Folder for results; null for a command without. */
  readonly out: string | null;
  /** Folder of promptline.yaml, from here. */
  readonly root: string;
  /** Only a part of the examples is measured. */
  readonly isPart: boolean;
  readonly token: string;
};

/** Turns the Action's inputs into a command line; what does not fit the command is told by the command itself. */
export function readInputs(pullRequest: PullRequestBase | null, defaultOut: string): ActionInputs {
  const [command = 'check', ...words] = commandWords();
  const out = writing.has(command) ? core.getInput('out') || defaultOut : null;
  const base = baseFor(command, pullRequest);
  const given = options.flatMap((name) => {
    const value = name === 'base' ? base : core.getInput(name);
    return value === '' ? [] : [`--${name}`, value];
  });
  const folders = out === null ? [] : ['--out', out];
  return {
    command,
    args: [command, ...words, ...wordsOf('ids'), ...wordsOf('dir'), ...given, ...folders],
    out,
    root: rootInput(),
    isPart: core.getInput('shard') !== '',
    token: core.getInput('github-token'),
  };
}

/** The folder of promptline.yaml, as it was asked for. */
export function rootInput(): string {
  return core.getInput('root') || '.';
}

/** The command's words, as they were asked for. */
export function commandWords(): string[] {
  return wordsOf('command');
}

function wordsOf(input: string): string[] {
  return core.getInput(input).split(/\s+/).filter(Boolean);
}

/** A workflow that names the event's own commit means the pull request's base. */
function baseFor(command: string, pullRequest: PullRequestBase | null): string {
  const given = core.getInput('base');
  if (given !== '') return given === pullRequest?.recorded ? pullRequest.held : given;
  return comparing.has(command) && core.getInput('versions') === '' ? (pullRequest?.held ?? '') : '';
}
