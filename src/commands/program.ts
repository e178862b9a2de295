import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { findRoot } from '../config/load.ts';
import { describeError, inputError, PromptlineError } from '../errors.ts';
import { terminalText } from '../reports/hostile.ts';
import type { RunReport } from '../reports/run-report.ts';
import { renderTerminal } from '../reports/terminal.ts';
import { writeReports } from '../reports/write-reports.ts';
import { version } from '../version.ts';
import { runCheck } from './check.ts';
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

/** Runs one command line and returns its exit code. Never throws. */
export async function runProgram(args: readonly string[], host: Host): Promise<number> {
  let code: number = exitCodes.fine;
  const program = buildProgram(host, args, (value) => {
    code = value;
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
    for (const each of [error, ...error.also]) terminal.note(terminalText(describeError(each)));
    return error.kind === 'input' ? exitCodes.input : exitCodes.outside;
  }
  if (error instanceof Error && error.name === 'AbortError') {
    terminal.note('Stopped. Answers so far are kept; run the same command again to go on.');
    return exitCodes.outside;
  }
  terminal.note(
    `promptline failed: ${terminalText(error instanceof Error ? (error.stack ?? error.message) : String(error))}`,
  );
  return exitCodes.outside;
}

type Common = { root?: string; json?: boolean };
type Asking = Common & {
  model?: string;
  out?: string;
  concurrency?: number;
  calls?: number;
  tokens?: number;
  usd?: number;
  minutes?: number;
};

function buildProgram(host: Host, args: readonly string[], setCode: (code: number) => void): Command {
  const { terminal } = host;
  const command = `promptline ${args.join(' ')}`;
  const program = new Command('promptline')
    .description('Prompts as code: measured, improved, released.')
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: (text) => terminal.note(text.trimEnd()) })
    .addHelpText(
      'after',
      '\nExit codes: 0 fine; 1 a gate failed; 2 your files or options are wrong; 3 the outside failed (rerun to resume).',
    );

  common(program.command('check'))
    .description('validate prompts, datasets and configuration, offline')
    .argument('[id...]', 'prompts, as family/name; all by default')
    .addHelpText('after', examples('promptline check', 'promptline check query_processing/default'))
    .action((ids: string[], options: Common) => {
      const { prompts, examples: count, errors } = runCheck(workspaceOf(host, options), ids);
      if (options.json)
        terminal.out(
          `${JSON.stringify({ schema: 1, prompts, examples: count, errors: errors.map(plainError) })}\n`,
        );
      for (const error of errors) terminal.note(terminalText(describeError(error)));
      if (errors.length > 0) setCode(exitCodes.input);
      else if (!options.json) terminal.out(`${prompts} prompts and ${count} examples are fine.\n`);
    });

  asking(program.command('evaluate'))
    .description('measure prompts on a dataset split')
    .argument('[id...]', 'prompts, as family/name; all by default')
    .addOption(
      option('--split <name>', 'split to measure on').choices(['train', 'dev', 'test']).default('test'),
    )
    .addOption(option('--limit <n>', 'at most this many examples, the same ones each time').argParser(whole))
    .addOption(option('--repeat <k>', 'ask each example this often').argParser(whole).default(1))
    .addHelpText(
      'after',
      examples(
        'promptline evaluate',
        'promptline evaluate query_processing/default --limit 20 --out results',
      ),
    )
    .action(
      async (
        ids: string[],
        options: Asking & { split: 'train' | 'dev' | 'test'; limit?: number; repeat: number },
      ) => {
        const workspace = workspaceOf(host, options);
        await withSession(host, workspace, options, options.calls, async (session) => {
          const { split, limit, repeat, model } = options;
          const { report, failedGates } = await runEvaluate(workspace, session, terminal, {
            ids,
            split,
            limit,
            repeat,
            model,
            command,
            signal: host.signal,
          });
          finish(host, report, options, outFor(host, workspace, options, 'evaluate'));
          for (const reason of failedGates) terminal.note(`gate failed: ${reason}`);
          if (failedGates.length > 0) setCode(exitCodes.gate);
        });
      },
    );

  asking(program.command('optimize'))
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
      async (
        ids: string[],
        options: Asking & { strategy?: 'auto' | 'search' | 'random'; seed: number; write?: boolean },
      ) => {
        const workspace = workspaceOf(host, options);
        const out = outFor(host, workspace, options, 'optimize');
        await withSession(host, workspace, options, undefined, async (session) => {
          const { model, strategy, calls, seed, write = false } = options;
          const report = await runOptimize(workspace, session, terminal, {
            ids,
            model,
            strategy,
            calls,
            seed,
            out,
            write,
            command,
            signal: host.signal,
          });
          finish(host, report, options, out);
        });
      },
    );

  common(program.command('report'))
    .description('write the Markdown and HTML of an earlier run again')
    .argument('<folder>', 'the --out folder of the run')
    .addHelpText('after', examples('promptline report .promptline/quickstart'))
    .action((folder: string, options: Common) => finish(host, runReport(folder), options, folder));

  const models = program.command('models').description('the embedded model');
  common(models.command('list'))
    .description('embedded models and whether they are installed')
    .action((options: Common) => showModels(terminal, listModels(modelCache(host.environment)), options));
  common(models.command('pull'))
    .description('download and verify the embedded model; later runs need no network')
    .option('--force', 'download again what is already there')
    .addHelpText('after', examples('promptline models pull'))
    .action(async (options: Common & { force?: boolean }) => {
      const { force = false } = options;
      const listing = await pullModels(modelCache(host.environment), terminal, {
        force,
        signal: host.signal,
      });
      showModels(terminal, listing, options);
    });
  return program;
}

function option(flags: string, description: string): Option {
  const name = /--([a-z]+)/.exec(flags)?.[1] ?? flags;
  return new Option(flags, description).env(`PROMPTLINE_${name.toUpperCase()}`);
}

function common(command: Command): Command {
  return command
    .addOption(option('--root <folder>', 'folder of promptline.yaml; default: here or above'))
    .option('--json', 'print one JSON document on stdout');
}

function asking(command: Command): Command {
  return common(command)
    .addOption(option('--model <provider/model>', 'ask this model in place of the one the prompt names'))
    .addOption(option('--out <folder>', 'folder for results; default: a new one in .promptline/runs'))
    .addOption(option('--concurrency <n>', 'requests at once to a remote model').argParser(positive))
    .addOption(option('--calls <n>', 'at most this many model calls').argParser(whole))
    .addOption(option('--tokens <n>', 'at most this many tokens').argParser(whole))
    .addOption(option('--usd <x>', 'at most this many US dollars').argParser(amount))
    .addOption(option('--minutes <m>', 'at most this many minutes').argParser(amount));
}

function workspaceOf(host: Host, { root }: Common): Workspace {
  return openWorkspace(root ?? findRoot(host.cwd));
}

function outFor(host: Host, { root }: Workspace, { out }: Asking, command: string): string {
  return outputFolder(root, { out, command, now: host.terminal.now() });
}

async function withSession(
  host: Host,
  workspace: Workspace,
  options: Asking,
  calls: number | undefined,
  work: (session: Session) => Promise<void>,
): Promise<void> {
  const { tokens, usd, minutes, concurrency } = options;
  const { environment } = host;
  const session = openSession(workspace, host.terminal, {
    limits: { calls, tokens, usd, minutes },
    concurrency,
    environment,
  });
  try {
    await work(session);
  } finally {
    await session.close();
  }
}

function finish({ terminal }: Host, report: RunReport, { json }: Common, folder: string): void {
  const files = writeReports(folder, report);
  if (json) terminal.out(`${JSON.stringify(report)}\n`);
  else terminal.out(`${renderTerminal(report, { color: terminal.color, columns: terminal.columns })}\n`);
  const say = json ? terminal.note : (line: string) => terminal.out(`${line}\n`);
  for (const proposal of report.proposals ?? []) if (proposal.file) say(`New version  ${proposal.file}`);
  say(`Report       ${shownFromHere(files.html)}`);
}

function showModels(terminal: Terminal, listing: ReturnType<typeof listModels>, { json }: Common): void {
  if (json) terminal.out(`${JSON.stringify({ schema: 1, models: listing })}\n`);
  else {
    for (const { model, installed, file, verifiedAt } of listing) {
      terminal.out(
        installed
          ? `${model}  ${file}  verified ${verifiedAt ?? 'never'}\n`
          : `${model}  not installed: promptline models pull\n`,
      );
    }
  }
}

function plainError(error: PromptlineError) {
  return { message: error.message, hint: error.hint ?? null, ...error.location };
}

function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
}

function whole(text: string): number {
  if (!/^-?\d+$/.test(text)) throw new InvalidArgumentError('Give a whole number.');
  return Number(text);
}

function positive(text: string): number {
  const value = whole(text);
  if (value < 1) throw inputError(`--concurrency ${text} asks nothing`, 'Give 1 or more');
  return value;
}

function amount(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Give a number.');
  return value;
}
