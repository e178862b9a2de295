import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Shard } from '../datasets/select.ts';

/** Options of every command that reads a repository. */
export type CommonOptions = { root?: string; json?: boolean };

/** Options of every command that asks a model. */
export type AskingOptions = CommonOptions & {
  model?: string;
  out?: string;
  concurrency?: number;
  calls?: number;
  tokens?: number;
  usd?: number;
  minutes?: number;
};

/** An option that can also be given as `PROMPTLINE_<NAME>`. */
export function option(flags: string, description: string): Option {
  const name = /--([a-z]+)/.exec(flags)?.[1] ?? flags;
  return new Option(flags, description).env(`PROMPTLINE_${name.toUpperCase()}`);
}

export function withCommonOptions(command: Command): Command {
  return command
    .addOption(option('--root <folder>', 'folder of promptline.yaml; default: here or above'))
    .option('--json', 'print one JSON document on stdout');
}

export function withAskingOptions(command: Command): Command {
  return withCommonOptions(command)
    .addOption(option('--model <provider/model>', 'ask this model in place of the one the prompt names'))
    .addOption(option('--out <folder>', 'folder for results; default: a new one in .promptline/runs'))
    .addOption(option('--concurrency <n>', 'requests at once to a remote model').argParser(atLeastOne))
    .addOption(option('--calls <n>', 'at most this many model calls').argParser(whole))
    .addOption(option('--tokens <n>', 'at most this many tokens').argParser(whole))
    .addOption(option('--usd <x>', 'at most this many US dollars').argParser(amount))
    .addOption(option('--minutes <m>', 'at most this many minutes').argParser(amount));
}

/** The examples that end a command's help. */
export function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
}

export function whole(text: string): number {
  if (!/^-?\d+$/.test(text)) throw new InvalidArgumentError('Give a whole number.');
  return Number(text);
}

export function atLeastOne(text: string): number {
  const value = whole(text);
  if (value < 1) throw new InvalidArgumentError('Give 1 or more.');
  return value;
}

/** `2/4`: the second of four parts. */
export function shard(text: string): Shard {
  const [index, of] = /^(\d+)\/(\d+)$/.exec(text)?.slice(1).map(Number) ?? [];
  if (index === undefined || of === undefined || index < 1 || index > of)
    throw new InvalidArgumentError('Give the part and their number, as in 2/4.');
  return { index, of };
}

/** `a,b`: names, each once. */
export function names(text: string): readonly string[] {
  const given = [...new Set(text.split(',').map((name) => name.trim()))].filter((name) => name !== '');
  if (given.length === 0) throw new InvalidArgumentError('Give names, with commas between them.');
  return given;
}

export function amount(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Give a number.');
  return value;
}
