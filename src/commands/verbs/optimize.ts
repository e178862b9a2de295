import type { Command } from 'commander';
import type { OptimizeConfiguration } from '../../config/schema.ts';
import { type AskingOptions, examples, option, whole, withAskingOptions } from '../command-options.ts';
import { type Context, finish, withSession, workspaceOf } from '../context.ts';
import { runOptimize } from '../optimize.ts';
import { outputFolder } from '../session.ts';

type OptimizeFlags = AskingOptions & {
  strategy?: OptimizeConfiguration['strategy'];
  seed: number;
  write?: boolean;
};

/** `promptline optimize`. */
export function addOptimize(program: Command, { host, command }: Context): void {
  withAskingOptions(program.command('optimize'))
    .description('search for a better version of a prompt and prove it on the test split')
    .argument('[id...]', 'prompts, as family/name; all by default')
    .addOption(
      option('--strategy <name>', 'how to search').choices([
        'auto',
        'search',
        'reflection',
        'playbook',
        'demonstrations',
        'random',
      ]),
    )
    .addOption(option('--seed <n>', 'seed of the search').argParser(whole).default(1))
    .option('--write', 'replace the prompt file with an accepted version')
    .addHelpText(
      'after',
      examples(
        'promptline optimize query_processing/default',
        'promptline optimize --calls 600 --usd 2 --out results',
      ),
    )
    .action(
      async (ids: string[], { model, strategy, calls, seed, write = false, ...options }: OptimizeFlags) => {
        const workspace = workspaceOf(host, options);
        const out = outputFolder(workspace.root, {
          out: options.out,
          command: 'optimize',
          now: host.terminal.now(),
        });
        // The calls are each prompt's own and are kept by the search; the other limits are the run's.
        await withSession(host, workspace, options, async (session) => {
          const { signal, terminal } = host;
          const chosen = { ids, model, strategy, calls, seed, out, write, command, signal };
          finish(host, await runOptimize(workspace, session, terminal, chosen), options, out);
        });
      },
    );
}
