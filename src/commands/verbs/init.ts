import { realpathSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { terminalText } from '../../reports/hostile.ts';
import { type CommonOptions, examples, option } from '../command-options.ts';
import { type Context, longestError } from '../context.ts';
import { type InitResult, runInit } from '../init.ts';

type InitFlags = CommonOptions & { dryRun?: boolean; action?: string };

/** `promptline init`. */
export function addInit(program: Command, { host }: Context): void {
  program
    .command('init')
    .description('write configuration, a first prompt with data, and workflows into a repository')
    .addOption(option('--root <folder>', 'folder for promptline.yaml; default: here'))
    .addOption(
      option('--action <owner/name@SHA>', 'the Action the workflows use; default: the one of this version'),
    )
    .option('--dry-run', 'say what it would write, and write nothing')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', examples('promptline init --dry-run', 'promptline init'))
    .action(async ({ root, action, dryRun = false, json }: InitFlags) => {
      const folder = path.resolve(host.cwd, root ?? '.');
      const { environment, terminal } = host;
      const result = await runInit({ root: folder, action, dryRun, environment, package: packageFolder() });
      if (json) terminal.out(`${JSON.stringify({ schema: 1, dryRun, ...result })}\n`);
      else for (const line of describe(result, dryRun)) terminal.out(`${terminalText(line, longestError)}\n`);
    });
}

/** The program is dist/cli.js or dist/action.js of the package. */
function packageFolder(): string {
  return path.resolve(realpathSync(process.argv[1] ?? '.'), '../..');
}

function describe({ written, kept, imports, next }: InitResult, dryRun: boolean): string[] {
  const imported = imports.flatMap(({ file, became, notes }) => [
    `${file} -> ${became.length > 0 ? became.join(', ') : 'nothing'}`,
    ...notes.map((note) => `  ${note}`),
  ]);
  return [
    ...imported,
    ...written.map((file) => `${dryRun ? 'would write' : 'wrote'} ${file}`),
    ...kept.map((file) => `kept ${file}: it was there already`),
    ...(dryRun ? [] : ['Next:', ...next.map((command) => `  ${command}`)]),
  ];
}
