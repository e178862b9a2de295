import type { Command } from 'commander';
import { type OptimizeConfiguration, strategyNames } from '../../config/schema.ts';
import { terminalText } from '../../reports/hostile.ts';
import { attempt } from '../attempt.ts';
import {
  type AskingOptions,
  atLeastOne,
  examples,
  option,
  whole,
  withAskingOptions,
} from '../command-options.ts';
import { type Context, finish, longestError, withSession, workspaceOf } from '../context.ts';
import { showPlan } from '../dry-run.ts';
import { describeOptimizePlan, planOptimizeDryRun } from '../dry-run-optimize.ts';
import { runOptimize } from '../optimize.ts';
import { outputFolder } from '../session.ts';

type OptimizeFlags = AskingOptions & {
  strategy?: OptimizeConfiguration['strategy'];
  seed: number;
  parallel: number;
  dryRun?: boolean;
  write?: boolean;
};

/** `promptline optimize`. */
export function addOptimize(program: Command, { host, command }: Context): void {
  withAskingOptions(program.command('optimize'))
    .description('search for a better version of a prompt and prove it on the test split')
    .argument('[id...]', 'prompts, as family/name; all by default')
    .addOption(option('--strategy <name>', 'how to search').choices(strategyNames))
    .addOption(option('--seed <n>', 'seed of the search').argParser(whole).default(1))
    .addOption(option('--parallel <n>', 'so many prompts at once').argParser(atLeastOne).default(1))
    .option('--dry-run', 'say what it would ask and cost, and ask nothing')
    .option('--write', 'replace the prompt file with an accepted version')
    .addHelpText(
      'after',
      examples(
        'promptline optimize query_processing/default',
        'promptline optimize --calls 600 --usd 2 --out results',
        'promptline optimize --parallel 4 --dry-run',
      ),
    )
    .action(
      async (
        ids: string[],
        { model, strategy, calls, seed, parallel, dryRun = false, write = false, ...options }: OptimizeFlags,
      ) => {
        const { signal, terminal } = host;
        const workspace = workspaceOf(host, options);
        const selection = { ids, model, strategy, calls, seed };
        // The calls are each prompt's own and are kept by the search; the other limits are the run's.
        await withSession(host, workspace, options, async (session) => {
          if (dryRun) {
            const plan = await planOptimizeDryRun(workspace, session, { ...selection, parallel });
            return showPlan(terminal, plan, describeOptimizePlan(plan), options);
          }
          const { out: asked } = options;
          const out = outputFolder(workspace.root, { out: asked, command: 'optimize', now: terminal.now() });
          const chosen = { ...selection, parallel, out, write, command, signal };
          const { report, failure } = await runOptimize(workspace, session, terminal, chosen);
          const show = () => finish(host, report, options, out);
          if (!failure) return show();
          const kept = report.proposals.length > 0 ? attempt(show) : {};
          // What ended the run is said in any case.
          if ('problem' in kept) {
            terminal.note(
              terminalText(`What was finished before is not in a report: ${kept.problem}`, longestError),
            );
          }
          throw failure.error;
        });
      },
    );
}
