import type { Command } from 'commander';
import { describeError, PromptlineError } from '../../errors.ts';
import { terminalText } from '../../reports/hostile.ts';
import { type CheckResult, runCheck } from '../check.ts';
import { type CommonOptions, examples, withCommonOptions } from '../command-options.ts';
import { type Context, longestError, workspaceOf } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';

/** `promptline check`. */
export function addCheck(program: Command, { host, setCode }: Context): void {
  withCommonOptions(program.command('check'))
    .description('validate prompts, datasets and configuration, offline')
    .argument('[id...]', 'prompts, as family/name; all by default')
    .addHelpText('after', examples('promptline check', 'promptline check query_processing/default'))
    .action((ids: string[], options: CommonOptions) => {
      const {
        prompts,
        examples: count,
        errors,
        warnings,
      } = checked(() => runCheck(workspaceOf(host, options), ids));
      const { terminal } = host;
      if (options.json) {
        const document = { schema: 1, prompts, examples: count, errors: errors.map(plainError), warnings };
        terminal.out(`${JSON.stringify(document)}\n`);
      }
      for (const error of errors) terminal.note(terminalText(describeError(error), longestError));
      for (const warning of warnings) terminal.note(`warning: ${terminalText(warning, longestError)}`);
      if (errors.length > 0) setCode(exitCodes.input);
      else if (!options.json)
        terminal.out(`${counted(prompts, 'prompt')} and ${counted(count, 'example')}: no errors.\n`);
    });
}

/** A configuration that does not load is what `check` is there to tell, with `--json` too. */
function checked(run: () => CheckResult): CheckResult {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof PromptlineError)) throw error;
    return { prompts: 0, examples: 0, errors: [error, ...error.also], warnings: [] };
  }
}

function plainError(error: PromptlineError) {
  return { message: error.message, hint: error.hint ?? null, ...error.location };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
