import { Command, CommanderError } from 'commander';
import { describeError, PromptlineError } from '../errors.ts';
import { terminalText } from '../reports/hostile.ts';
import { version } from '../version.ts';
import { examples } from './command-options.ts';
import { type Context, type Host, longestError } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { addCheck } from './verbs/check.ts';
import { addEvaluate } from './verbs/evaluate.ts';
import { addExport } from './verbs/export.ts';
import { addFeedbackVerb } from './verbs/feedback.ts';
import { addHarvest } from './verbs/harvest.ts';
import { addInit } from './verbs/init.ts';
import { addMerge } from './verbs/merge.ts';
import { addModels } from './verbs/models.ts';
import { addOptimize } from './verbs/optimize.ts';
import { addPropose } from './verbs/propose.ts';
import { addRelease } from './verbs/release.ts';
import { addReport } from './verbs/report.ts';
import { addRollout } from './verbs/rollout.ts';
import { addStatus } from './verbs/status.ts';
import { addTriggers } from './verbs/triggers.ts';
import { addWatch } from './verbs/watch.ts';

/** Runs one command line and returns its exit code. Never throws. */
export async function runProgram(args: readonly string[], host: Host): Promise<number> {
  let code: number = exitCodes.fine;
  const program = buildProgram({
    host,
    command: `promptline ${args.join(' ')}`,
    setCode: (value) => (code = value),
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    return explainFailure(error, host);
  }
}

function explainFailure(error: unknown, { terminal, onError }: Host): number {
  terminal.rewrite?.('');
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.fine : exitCodes.input;
  if (error instanceof PromptlineError) {
    for (const each of [error, ...error.also]) {
      onError?.(each);
      terminal.note(terminalText(describeError(each), longestError));
    }
    return error.kind === 'input' ? exitCodes.input : exitCodes.outside;
  }
  if (error instanceof Error && error.name === 'AbortError') {
    terminal.note('Stopped. Answers so far are kept; run the same command again to go on.');
    return exitCodes.outside;
  }
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.note(`promptline failed: ${terminalText(reason, longestError)}`);
  return exitCodes.outside;
}

function buildProgram(context: Context): Command {
  const { terminal } = context.host;
  const program = new Command('promptline')
    .description('Prompts as code: measured, improved, released.')
    .version(version)
    .exitOverride()
    // An error and the suggestion that follows it are one line, like every other error.
    .configureOutput({
      writeOut: terminal.out,
      writeErr: (text) => terminal.note(text.trim().replaceAll('\n', ' ')),
    })
    .addHelpText(
      'after',
      `${examples('promptline check', 'promptline evaluate', 'promptline optimize query_processing/default')}\n
Exit codes: 0 fine; 1 a gate failed; 2 your files or options are wrong; 3 the outside failed (rerun to resume).`,
    );
  addInit(program, context);
  addCheck(program, context);
  addEvaluate(program, context);
  addMerge(program, context);
  addOptimize(program, context);
  addTriggers(program, context);
  addPropose(program, context);
  addRelease(program, context);
  addReport(program, context);
  addStatus(program, context);
  addWatch(program, context);
  addRollout(program, context);
  addHarvest(program, context);
  addFeedbackVerb(program, context);
  addExport(program, context);
  addModels(program, context);
  return program;
}
