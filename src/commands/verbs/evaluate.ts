import type { Command } from 'commander';
import type { Split } from '../../datasets/dataset.ts';
import type { Shard } from '../../datasets/select.ts';
import {
  type AskingOptions,
  atLeastOne,
  examples,
  names,
  option,
  shard,
  withAskingOptions,
} from '../command-options.ts';
import { type Context, finish, withSession, workspaceOf } from '../context.ts';
import { describePlan, planDryRun, planVersionsDryRun, showPlan } from '../dry-run.ts';
import { runEvaluate } from '../evaluate.ts';
import { runEvaluateVersions } from '../evaluate-versions.ts';
import { exitCodes } from '../exit-codes.ts';
import { outputFolder } from '../session.ts';
import { noteGates } from '../terminal.ts';

type EvaluateFlags = AskingOptions & {
  split: Split;
  tags?: readonly string[];
  versions?: readonly string[];
  base?: string;
  limit?: number;
  shard?: Shard;
  dryRun?: boolean;
  repeat: number;
};

/** `promptline evaluate`. */
export function addEvaluate(program: Command, { host, command, setCode }: Context): void {
  withAskingOptions(program.command('evaluate'))
    .description('measure prompts on a dataset split')
    .argument('[id...]', 'prompts, as family/name; all by default')
    .addOption(
      option('--split <name>', 'split to measure on').choices(['train', 'dev', 'test']).default('test'),
    )
    .addOption(
      option('--limit <n>', 'at most this many examples, the same ones each time').argParser(atLeastOne),
    )
    .addOption(option('--tags <a,b>', 'only examples with one of these tags').argParser(names))
    .addOption(option('--base <ref>', 'measure only prompts that changed since, and compare them with it'))
    .addOption(
      option('--versions <a,b>', 'measure these released versions of one prompt and say which is best')
        .argParser(names)
        .conflicts(['base', 'shard']),
    )
    .addOption(option('--shard <i/n>', 'measure the i-th of n parts; join them with merge').argParser(shard))
    .addOption(option('--repeat <k>', 'ask each example this often').argParser(atLeastOne).default(1))
    .option('--dry-run', 'say what it would ask and cost, and ask nothing')
    .addHelpText(
      'after',
      examples(
        'promptline evaluate',
        'promptline evaluate query_processing/default --limit 20 --out results',
        'promptline evaluate --base origin/main',
        'promptline evaluate query_processing/default --versions 1.0.0,1.1.0 --split train --tags harvested',
        'promptline evaluate --shard 1/4 --out shard-1',
        'promptline evaluate --dry-run',
      ),
    )
    .action(async (ids: string[], { dryRun = false, ...flags }: EvaluateFlags) => {
      const { split, tags = [], versions, base, limit, shard, repeat, model, ...options } = flags;
      const { terminal, signal } = host;
      const workspace = workspaceOf(host, options);
      const out = outputFolder(workspace.root, {
        out: options.out,
        command: 'evaluate',
        now: terminal.now(),
      });
      const asked = { ids, split, tags, base, limit, shard, repeat, model, out, command, signal };
      await withSession(host, workspace, options, async (session) => {
        if (dryRun) {
          const plan = versions
            ? await planVersionsDryRun(workspace, session, { ...asked, versions })
            : await planDryRun(workspace, session, asked);
          return showPlan(terminal, plan, describePlan(plan), options);
        }
        if (versions) {
          const report = await runEvaluateVersions(workspace, session, terminal, { ...asked, versions });
          host.onResult?.({ best: report.ranking?.best ?? null });
          return finish(host, report, options, out);
        }
        const { report, failedGates } = await runEvaluate(workspace, session, terminal, asked);
        finish(host, report, options, out);
        noteGates(terminal, failedGates);
        if (failedGates.length > 0) setCode(exitCodes.gate);
      });
    });
}
