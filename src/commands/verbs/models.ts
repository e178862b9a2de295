import type { Command } from 'commander';
import { type CommonOptions, examples, withCommonOptions } from '../command-options.ts';
import type { Context } from '../context.ts';
import { listModels, pullModels } from '../models.ts';
import { modelCache } from '../session.ts';
import type { Terminal } from '../terminal.ts';

/** `promptline models`. */
export function addModels(program: Command, { host }: Context): void {
  const { terminal, environment, signal } = host;
  const models = program
    .command('models')
    .description('the embedded model')
    .addHelpText('after', examples('promptline models list', 'promptline models pull'));
  withCommonOptions(models.command('list'))
    .description('embedded models and whether they are installed')
    .addHelpText('after', examples('promptline models list --json'))
    .action((options: CommonOptions) => showModels(terminal, listModels(modelCache(environment)), options));
  withCommonOptions(models.command('pull'))
    .description('download and verify the embedded model; later runs need no network')
    .option('--force', 'download again what is already there')
    .addHelpText('after', examples('promptline models pull'))
    .action(async ({ force = false, ...options }: CommonOptions & { force?: boolean }) => {
      showModels(terminal, await pullModels(modelCache(environment), terminal, { force, signal }), options);
    });
}

function showModels(
  terminal: Terminal,
  listing: ReturnType<typeof listModels>,
  { json }: CommonOptions,
): void {
  if (json) terminal.out(`${JSON.stringify({ schema: 1, models: listing })}\n`);
  else {
    for (const { model, installed, file, verifiedAt } of listing) {
      const state = installed
        ? `${file}  verified ${verifiedAt ?? 'never'}`
        : 'not installed: promptline models pull';
      terminal.out(`${model}  ${state}\n`);
    }
  }
}
