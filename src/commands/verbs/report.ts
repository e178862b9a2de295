import type { Command } from 'commander';
import { readCheckReport, renderCheckMarkdown, writeCheckReport } from '../../reports/check-report.ts';
import { withoutCommands } from '../../reports/hostile.ts';
import { hasReport } from '../../reports/write-reports.ts';
import { type CommonOptions, examples, option, withCommonOptions } from '../command-options.ts';
import { type Context, finish, type Host } from '../context.ts';
import { runReport } from '../report.ts';

/** `promptline report`. */
export function addReport(program: Command, { host }: Context): void {
  withCommonOptions(program.command('report'))
    .description('write the Markdown and HTML of an earlier run again')
    .argument('<folder>', 'the --out folder of the run')
    .addOption(option('--out <folder>', 'write them here; default: into the folder itself'))
    .addHelpText('after', examples('promptline report .promptline/quickstart'))
    .action((folder: string, { out = folder, ...options }: CommonOptions & { out?: string }) =>
      showReport(host, folder, out, options),
    );
}

/** A folder holds the report of a run, or of a check. */
function showReport(host: Host, folder: string, out: string, options: CommonOptions): void {
  const check = hasReport(folder) ? null : readCheckReport(folder);
  if (!check) {
    finish(host, runReport(folder), options, out);
    return;
  }
  writeCheckReport(out, check);
  host.onCheck?.(check);
  const text = options.json ? `${JSON.stringify(check)}\n` : withoutCommands(renderCheckMarkdown(check));
  host.terminal.out(text);
}
