import { randomUUID } from 'node:crypto';
import path from 'node:path';
import * as core from '@actions/core';
import { describeError, inputError, PromptlineError } from '../../errors.ts';
import { type ActionEvent, readEvent } from '../../host/github/event.ts';
import { renderMarkdown, summaryLimit } from '../../reports/markdown.ts';
import { exitCodes } from '../exit-codes.ts';
import { abortOnSignals } from '../process-host.ts';
import { runProgram } from '../program.ts';
import { beginPublication, type Publication } from '../publication/publication.ts';
import { type ActionInputs, readInputs } from './inputs.ts';
import { type EndedRun, outcomeOf, reportOf } from './outcome.ts';
import { setOutputs } from './outputs.ts';
import { providerSecrets } from './secrets.ts';
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
  if (code !== exitCodes.fine) core.setFailed(`promptline ended with exit code ${code}`);
}

async function runOnEvent(event: ActionEvent): Promise<number> {
  const inputs = readInputs(event, path.join('.promptline', 'runs', 'action'));
  if (inputs.token !== '') core.setSecret(inputs.token);
  for (const secret of providerSecrets(env, inputs.root)) core.setSecret(secret);
  refuseForeignCode(event, inputs);
  const publication = await openPublication(event, inputs);
  const run = await runCommand(inputs);
  const report = reportOf(run);
  if (report) await core.summary.addRaw(renderMarkdown(report, summaryLimit), true).write();
  setOutputs(run, report);
  const top = env['GITHUB_WORKSPACE'] ?? process.cwd();
  const places = { root: path.resolve(inputs.root), top };
  await publication?.end(outcomeOf(run, places, event.kind === 'workflow run'));
  return run.code;
}

/** With a privileged event, a fork's prompts, data and metrics would run beside secrets and a token that writes. */
function refuseForeignCode(event: ActionEvent, { command }: ActionInputs): void {
  if (event.kind !== 'pull request' || !event.isFork || !event.isPrivileged) return;
  throw inputError(
    `promptline does not ${command} a fork's files on pull_request_target`,
    'Use the event pull_request, whose job has no secret, and show its results from workflow_run: see docs/github.md',
  );
}

async function openPublication(event: ActionEvent, inputs: ActionInputs): Promise<Publication | null> {
  const repository = env['GITHUB_REPOSITORY'];
  if (inputs.token === '' || !repository || event.kind === 'other') return null;
  // Most runs show nothing and need not load GitHub's client.
  const { openGitHub } = await import('../../host/github/github.ts');
  const apiUrl = env['GITHUB_API_URL'] ?? 'https://api.github.com';
  const host = openGitHub({ token: inputs.token, repository, apiUrl, note: core.info });
  const surface = await surfaceOf(event, inputs, { host, environment: env, note: core.warning });
  return surface && beginPublication(surface);
}

/** Runs the command. Nothing it prints is taken for a command to the runner. */
async function runCommand({ args, out, token: githubToken }: ActionInputs): Promise<EndedRun> {
  const errors: PromptlineError[] = [];
  const results: Record<string, unknown>[] = [];
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
    onResult: (result) => results.push(result),
  });
  process.stdout.write(`::${token}::\n`);
  return { code, errors, out, results: Object.assign({}, ...results) };
}
