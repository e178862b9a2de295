import type { Command } from 'commander';
import { type CommonOptions, examples, option, withCommonOptions } from '../command-options.ts';
import { type Context, finish, workspaceOf } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { runMerge } from '../merge.ts';
import { resultFolders } from '../result-folders.ts';
import { outputFolder } from '../session.ts';
import { noteGates } from '../terminal.ts';

/** `promptline merge`. */
export function addMerge(program: Command, { host, command, setCode }: Context): void {
  withCommonOptions(program.command('merge'))
    .description('join the results of evaluate --shard into those of one run, and judge the gates')
    .argument('<folder...>', 'the --out folders of all shards, or one that holds them')
    .addOption(option('--out <folder>', 'folder for results; default: a new one in .promptline/runs'))
    .addHelpText('after', examples('promptline merge shard-1 shard-2 --out results'))
    .action((folders: string[], options: CommonOptions & { out?: string }) => {
      const workspace = workspaceOf(host, options);
      const out = outputFolder(workspace.root, {
        out: options.out,
        command: 'merge',
        now: host.terminal.now(),
      });
      const { report, failedGates } = runMerge(workspace, { folders: resultFolders(folders), out, command });
      finish(host, report, options, out);
      noteGates(host.terminal, failedGates);
      if (failedGates.length > 0) setCode(exitCodes.gate);
    });
}
