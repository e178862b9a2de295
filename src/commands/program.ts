import { Command, CommanderError } from 'commander';
import { findRoot } from '../config/load.ts';
import type { Split } from '../datasets/dataset.ts';
import { describeError, PromptlineError } from '../errors.ts';
import { terminalText } from '../reports/hostile.ts';
import type { RunReport } from '../reports/run-report.ts';
import { renderTerminal } from '../reports/terminal.ts';
import { writeReports } from '../reports/write-reports.ts';
import { version } from '../version.ts';
import { type CheckResult, runCheck } from './check.ts';
import {
  type AskingOptions,
  atLeastOne,
  type CommonOptions,
  examples,
  option,
  whole,
  withAskingOptions,
  withCommonOptions,
} from './command-options.ts';
import { runEvaluate } from './evaluate.ts';
import { exitCodes } from './exit-codes.ts';
import { listModels, pullModels } from './models.ts';
import { runOptimize } from './optimize.ts';
import { runReport } from './report.ts';
import { modelCache, openSession, outputFolder, type Session, shownFromHere } from './session.ts';
import type { Terminal } from './terminal.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

/** What the program needs of the process it runs in. */
export type Host = {
  readonly terminal: Terminal;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly signal: AbortSignal;
};

/** An error's hint stands at its end and must survive; a provider's text in it is cut before. */
const longestError = 2_000;

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
    return explainFailure(error, host.terminal);
  }
}

function explainFailure(error: unknown, terminal: Terminal): number {
  terminal.rewrite?.('');
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.fine : exitCodes.input;
  if (error instanceof PromptlineError) {
    for (const each of [error, ...error.also]) terminal.note(terminalText(describeError(each), longestError));
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

type Context = {
  readonly host: Host;
  /** The command line, for reports. */
  readonly command: string;
  readonly setCode: (code: number) => void;
};

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
  addCheck(program, context);
  addEvaluate(program, context);
  addOptimize(program, context);
  addReport(program, context);
  addModels(program, context);
  return program;
}

function addCheck(program: Command, { host, setCode }: Context): void {
  withCommonOptions(program.command('check'))
    .description('validate prompts, datasets and configuration, offline')
    .argument('[id...]', 'prompts, as family/name; all by default')
    .addHelpText('after', examples('promptline check', 'promptline check query_processing/default'))
    .action((ids: string[], options: CommonOptions) => {
      const { prompts, examples: count, errors } = checked(() => runCheck(workspaceOf(host, options), ids));
      const { terminal } = host;
      if (options.json) {
        const document = { schema: 1, prompts, examples: count, errors: errors.map(plainError) };
        terminal.out(`${JSON.stringify(document)}\n`);
      }
      for (const error of errors) terminal.note(terminalText(describeError(error), longestError));
      if (errors.length > 0) setCode(exitCodes.input);
      else if (!options.json)
        terminal.out(`${counted(prompts, 'prompt')} and ${counted(count, 'example')}: no errors.\n`);
    });
}

type EvaluateFlags = AskingOptions & { split: Split; limit?: number; repeat: number };

function addEvaluate(program: Command, { host, command, setCode }: Context): void {
  withAskingOptions(program.command('evaluate'))
    .description('measure prompts on a dataset split')
    .argument('[id...]', 'prompts, as family/name; all by default')
    .addOption(
      option('--split <name>', 'split to measure on').choices(['train', 'dev', 'test']).default('test'),
    )
    .addOption(
      option('--limit <n>', 'at most this many examples, the same ones each time').argParser(atLeastOne),
    )
    .addOption(option('--repeat <k>', 'ask each example this often').argParser(atLeastOne).default(1))
    .addHelpText(
      'after',
      examples(
        'promptline evaluate',
        'promptline evaluate query_processing/default --limit 20 --out results',
      ),
    )
    .action(async (ids: string[], { split, limit, repeat, model, ...options }: EvaluateFlags) => {
      const workspace = workspaceOf(host, options);
      const out = outputFolder(workspace.root, {
        out: options.out,
        command: 'evaluate',
        now: host.terminal.now(),
      });
      await withSession(host, workspace, options, async (session) => {
        const { report, failedGates } = await runEvaluate(workspace, session, host.terminal, {
          ids,
          split,
          limit,
          repeat,
          model,
          out,
          command,
          signal: host.signal,
        });
        finish(host, report, options, out);
        for (const reason of failedGates) host.terminal.note(`gate failed: ${reason}`);
        if (failedGates.length > 0) setCode(exitCodes.gate);
      });
    });
}

type OptimizeFlags = AskingOptions & {
  strategy?: 'auto' | 'search' | 'random';
  seed: number;
  write?: boolean;
};

function addOptimize(program: Command, { host, command }: Context): void {
  withAskingOptions(program.command('optimize'))
    .description('search for a better version of a prompt and prove it on the test split')
    .argument('[id...]', 'prompts, as family/name; all by default')
    .addOption(option('--strategy <name>', 'how to search').choices(['auto', 'search', 'random']))
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

function addReport(program: Command, { host }: Context): void {
  withCommonOptions(program.command('report'))
    .description('write the Markdown and HTML of an earlier run again')
    .argument('<folder>', 'the --out folder of the run')
    .addHelpText('after', examples('promptline report .promptline/quickstart'))
    .action((folder: string, options: CommonOptions) => finish(host, runReport(folder), options, folder));
}

function addModels(program: Command, { host }: Context): void {
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

function workspaceOf(host: Host, { root }: CommonOptions): Workspace {
  return openWorkspace(root ?? findRoot(host.cwd));
}

/** A configuration that does not load is what `check` is there to tell, with `--json` too. */
function checked(run: () => CheckResult): CheckResult {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof PromptlineError)) throw error;
    return { prompts: 0, examples: 0, errors: [error, ...error.also] };
  }
}

async function withSession(
  { terminal, environment }: Host,
  workspace: Workspace,
  { calls, tokens, usd, minutes, concurrency }: AskingOptions,
  work: (session: Session) => Promise<void>,
): Promise<void> {
  const limits = { calls, tokens, usd, minutes };
  const session = openSession(workspace, terminal, { limits, concurrency, environment });
  try {
    await work(session);
  } finally {
    await session.close();
  }
}

function finish({ terminal }: Host, report: RunReport, { json }: CommonOptions, folder: string): void {
  const files = writeReports(folder, report);
  if (json) terminal.out(`${JSON.stringify(report)}\n`);
  else terminal.out(`${renderTerminal(report, { color: terminal.color, columns: terminal.columns })}\n`);
  const say = json ? terminal.note : (line: string) => terminal.out(`${line}\n`);
  for (const proposal of report.proposals ?? []) if (proposal.file) say(`New version  ${proposal.file}`);
  say(`Report       ${shownFromHere(files.html)}`);
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

function plainError(error: PromptlineError) {
  return { message: error.message, hint: error.hint ?? null, ...error.location };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
