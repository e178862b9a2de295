import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as core from '@actions/core';
import { abortOnSignals } from './process-host.ts';
import { runProgram } from './program.ts';

/** The Action's inputs that are options of the commands, by the option's name. */
const options = [
  'split',
  'model',
  'limit',
  'repeat',
  'strategy',
  'seed',
  'calls',
  'tokens',
  'usd',
  'minutes',
  'concurrency',
  'root',
];

/** The Action: turns its inputs into a command line, writes the report to the job summary and its path to the outputs. */
export async function runAction(): Promise<void> {
  const [command = 'check', ...words] = core.getInput('command').split(/\s+/).filter(Boolean);
  const ids = core.getInput('ids').split(/\s+/).filter(Boolean);
  const asks = command === 'evaluate' || command === 'optimize';
  const out = core.getInput('out') || path.join('.promptline', 'runs', 'action');
  const given = asks ? options.flatMap((name) => optionArguments(name)) : optionArguments('root');
  const args = [command, ...words, ...ids, ...given, ...(asks ? ['--out', out] : [])];
  const code = await runProgram(args, {
    terminal: {
      // The report goes to the summary; raw text on stdout could carry workflow commands.
      out: (text) => core.info(text.trimEnd()),
      note: (text) => core.info(text),
      rewrite: null,
      color: false,
      columns: 120,
      now: Date.now,
    },
    environment: process.env,
    cwd: process.cwd(),
    signal: abortOnSignals(),
  });
  core.setOutput('exit-code', String(code));
  if (asks) await publish(out);
  if (code !== 0) core.setFailed(`promptline ${command} ended with exit code ${code}`);
}

async function publish(out: string): Promise<void> {
  const markdown = path.join(out, 'report.md');
  if (!existsSync(markdown)) return;
  core.setOutput('report', path.join(out, 'report.json'));
  await core.summary.addRaw(readFileSync(markdown, 'utf8'), true).write();
}

function optionArguments(name: string): string[] {
  const value = core.getInput(name);
  return value === '' ? [] : [`--${name}`, value];
}
