import type { Command } from 'commander';
import { describeError, PromptlineError } from '../../errors.ts';
import { type CheckReport, writeCheckReport } from '../../reports/check-report.ts';
import { terminalText } from '../../reports/hostile.ts';
import { type CheckResult, runCheck } from '../check.ts';
import { changesSinceRef } from '../check-changes.ts';
import { type CommonOptions, examples, option, withCommonOptions } from '../command-options.ts';
import { type Context, type Host, longestError, workspaceOf } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { missingPrices } from '../prices.ts';
import type { Terminal } from '../terminal.ts';

type CheckFlags = CommonOptions & { base?: string; out?: string };

/** `promptline check`. */
export function addCheck(program: Command, { host, setCode }: Context): void {
  withCommonOptions(program.command('check'))
    .description('validate prompts, datasets and configuration, offline')
    .argument('[id...]', 'prompts, as family/name; all by default')
    .addOption(option('--base <ref>', 'name the prompts that changed since, with their difference'))
    .addOption(option('--out <folder>', 'folder for check.json'))
    .addHelpText(
      'after',
      examples(
        'promptline check',
        'promptline check query_processing/default',
        'promptline check --base origin/main --out results',
      ),
    )
    .action(async (ids: string[], flags: CheckFlags) => {
      const { report, errors } = await check(host, ids, flags);
      const { terminal } = host;
      if (flags.out !== undefined) writeCheckReport(flags.out, report);
      host.onCheck?.(report);
      if (flags.json) terminal.out(`${JSON.stringify(report)}\n`);
      for (const error of errors) {
        host.onError?.(error);
        terminal.note(terminalText(describeError(error), longestError));
      }
      for (const warning of report.warnings) terminal.note(`warning: ${terminalText(warning, longestError)}`);
      if (errors.length > 0) setCode(exitCodes.input);
      else if (!flags.json) showCounts(terminal, report);
    });
}

async function check(
  host: Host,
  ids: readonly string[],
  flags: CheckFlags,
): Promise<{ report: CheckReport; errors: readonly PromptlineError[] }> {
  const { tasks, errors: found, ...result } = checked(() => runCheck(workspaceOf(host, flags), ids));
  const unpriced = tasks.length === 0 ? [] : await missingPrices(host, workspaceOf(host, flags), tasks);
  const errors = [...found, ...unpriced];
  const changes =
    flags.base === undefined || tasks.length === 0
      ? {}
      : await changesSinceRef(workspaceOf(host, flags), tasks, flags.base);
  const { prompts, examples: count, warnings } = result;
  const report = {
    schema: 1 as const,
    prompts,
    examples: count,
    errors: errors.map(plainError),
    warnings: [...warnings],
    ...changes,
  };
  return { report, errors };
}

function showCounts(terminal: Terminal, { prompts, examples: count, base, changed }: CheckReport): void {
  terminal.out(`${counted(prompts, 'prompt')} and ${counted(count, 'example')}: no errors.\n`);
  for (const { id, changes } of changed ?? [])
    terminal.out(`${terminalText(id)}  changed: ${terminalText(changes.join(', '))}\n`);
  if (base && changed?.length === 0) terminal.out(`Nothing changed since ${terminalText(base.ref)}.\n`);
}

/** A configuration that does not load is what `check` is there to tell, with `--json` too. */
function checked(run: () => CheckResult): CheckResult {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof PromptlineError)) throw error;
    return { prompts: 0, examples: 0, errors: [error, ...error.also], warnings: [], tasks: [] };
  }
}

function plainError(error: PromptlineError) {
  return { message: error.message, hint: error.hint ?? null, ...error.location };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
