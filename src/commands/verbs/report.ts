import type { Command } from 'commander';
import { type CommonOptions, examples, withCommonOptions } from '../command-options.ts';
import { type Context, finish } from '../context.ts';
import { runReport } from '../report.ts';

/** `promptline report`. */
export function addReport(program: Command, { host }: Context): void {
  withCommonOptions(program.command('report'))
    .description('write the Markdown and HTML of an earlier run again')
    .argument('<folder>', 'the --out folder of the run')
    .addHelpText('after', examples('promptline report .promptline/quickstart'))
    .action((folder: string, options: CommonOptions) => finish(host, runReport(folder), options, folder));
}
