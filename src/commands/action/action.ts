import { randomUUID } from 'node:crypto';
import path from 'node:path';
import * as core from '@actions/core';
import { describeError, PromptlineError } from '../../errors.ts';
import { checkoutOf } from '../../host/checkout.ts';
import { type ActionEvent, readEvent } from '../../host/github/event.ts';
import type { CheckReport } from '../../reports/check-report.ts';
import type { RunReport } from '../../reports/run-report.ts';
import { exitCodes } from '../exit-codes.ts';
import { abortOnSignals } from '../process-host.ts';
import { runProgram } from '../program.ts';
import { type Attempts, attemptsOf } from '../publication/attempts.ts';
import { beginPublication, type Publication } from '../publication/publication.ts';
import { refuseForeignFiles } from './foreign-files.ts';
import { type ActionInputs, commandWords, readInputs, rootInput } from './inputs.ts';
import { type EndedRun, outcomeOf, summaryOf } from './outcome.ts';
import { setOutputs } from './outputs.ts';
import { pullRequestBase } from './pull-request-base.ts';
import { configuredSecrets } from './secrets.ts';
import { surfaceOf } from './surface.ts';

const { env } = process;

/** The Action: its inputs are a command line, and what the command finds is shown where the event came from. */
export async function runAction(): Promise<void> {
  let code: number;
  try {
    code = await runOnEvent(readEvent(env));
  } catch (error) {
    core.error(describeError(error));
    code = error instanceof PromptlineError && error.kind === 'input' ? exitCodes.input : exitCodes.outside;
  }
  core.setOutput('exit-code', String(code));
  if (code !== exitCodes.fine)
    core.setFailed(`promptline ${commandWords().join(' ')} ended with exit code ${code}`);
}

async function runOnEvent(event: ActionEvent): Promise<number> {
  const base = await pullRequestBase(event, rootInput());
  const inputs = readInputs(base, path.join('.promptline', 'runs', 'action'));
  if (inputs.token !== '') core.setSecret(inputs.token);
  for (const secret of configuredSecrets(env, inputs.root)) core.setSecret(secret);
  await refuseForeignFiles(event, inputs);
  const attempts = attemptsOf((line) => core.warning(line));
  const publication = await openPublication(event, inputs, attempts);
  const run = await runCommand(inputs);
  const isForeign = event.kind === 'workflow run';
  const summary = summaryOf(run, isForeign);
  if (summary !== null) await core.summary.addRaw(summary, true).write();
  setOutputs(run);
  const root = path.resolve(inputs.root);
  const places = { root, top: await checkoutOf(root) };
  await publication?.end(outcomeOf(run, places, isForeign));
  // A run that ended well and could not be shown is to be run again.
  return run.code === exitCodes.fine && attempts.hasFailed ? exitCodes.outside : run.code;
}

async function openPublication(
  event: ActionEvent,
  inputs: ActionInputs,
  attempts: Attempts,
): Promise<Publication | null> {
  const repository = env['GITHUB_REPOSITORY'];
  if (inputs.token === '' || !repository || event.kind === 'other') return null;
  // Most runs show nothing and need not load GitHub's client.
  const { openGitHub } = await import('../../host/github/github.ts');
  const apiUrl = env['GITHUB_API_URL'] ?? 'https://api.github.com';
  const host = openGitHub({ token: inputs.token, repository, apiUrl, note: core.info });
  const surface = await attempts.make(() => surfaceOf(event, inputs, { host, environment: env }));
  return surface && beginPublication(surface, attempts);
}

/** Runs the command. Nothing it prints is taken for a command to the runner. */
async function runCommand({ args, out, token: githubToken }: ActionInputs): Promise<EndedRun> {
  const errors: PromptlineError[] = [];
  const results: Record<string, unknown>[] = [];
  const reports: RunReport[] = [];
  const checks: CheckReport[] = [];
  const summaries: string[] = [];
  const token = randomUUID();
  process.stdout.write(`::stop-commands::${token}\n`);
  const code = await runProgram(args, {
    terminal: {
      out: (text) => core.info(text.trimEnd()),
      note: core.info,
      rewrite: null,
      color: false,
      columns: 120,
      now: Date.now,
    },
    environment: githubToken === '' ? env : { ...env, GITHUB_TOKEN: githubToken },
    cwd: process.cwd(),
    signal: abortOnSignals(),
    onError: (error) => errors.push(error),
    onReport: (report) => reports.push(report),
    onCheck: (check) => checks.push(check),
    onSummary: (markdown) => summaries.push(markdown),
    onResult: (result) => results.push(result),
  });
  process.stdout.write(`::${token}::\n`);
  const [report = null] = reports;
  const [check = null] = checks;
  const [summary = null] = summaries;
  return { code, errors, out, report, check, summary, results: Object.assign({}, ...results) };
}
