import { styleText } from 'node:util';
import type { Command } from 'commander';
import { configurationFile } from '../../config/load.ts';
import { describeError, inputError, type PromptlineError } from '../../errors.ts';
import type { MonitoringReport } from '../../monitoring/monitor.ts';
import { terminalText } from '../../reports/hostile.ts';
import { monitoringDocument } from '../../reports/monitoring/document.ts';
import { monitoringMarkdown } from '../../reports/monitoring/markdown.ts';
import { monitoringLines } from '../../reports/monitoring/terminal.ts';
import type { Paint } from '../../reports/terminal/paint.ts';
import { type CommonOptions, examples, withCommonOptions } from '../command-options.ts';
import { type Context, type Host, longestError, workspaceOf } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { type Monitored, readMonitoring } from '../monitor.ts';
import { type Told, tell } from '../monitoring/tell.ts';
import { openRepositoryHost } from '../repository-host.ts';
import { selectPromptFiles, type Workspace } from '../workspace.ts';

type StatusOptions = CommonOptions & { alert?: boolean };

/** `promptline status`. */
export function addStatus(program: Command, { host, setCode }: Context): void {
  withCommonOptions(program.command('status'))
    .description('production at a glance: windows of telemetry, alerts, drift')
    .argument('[id...]', 'prompts to show, as family/name; default: all')
    .option('--alert', 'tell of alerts that fire or are resolved, each once: by an issue, and by `alerts`')
    .addHelpText(
      'after',
      examples('promptline status', 'promptline status --alert', 'promptline status --json'),
    )
    .action(async (ids: string[], options: StatusOptions) => {
      const workspace = workspaceOf(host, options);
      // An id that does not exist is answered before telemetry is read.
      selectPromptFiles(workspace, ids);
      const monitored = await readMonitoring(host, workspace);
      if (monitored === null)
        throw inputError('no telemetry is configured', 'Name it under `telemetry.sources`', {
          file: configurationFile,
        });
      const { told, problems } = options.alert ? await tellAll(host, workspace, monitored) : nobody;
      noteProblems(host, monitored, problems);
      if (problems.length > 0) setCode(exitCodes.outside);
      const { report } = monitored;
      const shown = report.prompts.filter(({ prompt }) => ids.length === 0 || ids.includes(prompt));
      show(host, { ...report, prompts: shown }, told, options.json ?? false);
    });
}

const nobody = { told: [], problems: [] };

async function tellAll(host: Host, { root, configuration }: Workspace, { report }: Monitored) {
  const places = {
    host: await openRepositoryHost(host, root),
    environment: host.environment,
    now: report.at,
  };
  const alerts = report.prompts.flatMap((prompt) => prompt.alerts);
  return tell(alerts, configuration.alerts, places);
}

function noteProblems(
  { terminal }: Host,
  { problems, irregularities }: Monitored,
  untold: readonly PromptlineError[],
): void {
  const records = irregularities.map(({ kind, count, example }) => `telemetry: ${count} ${kind}: ${example}`);
  for (const note of [...problems, ...untold].map(describeError).concat(records))
    terminal.note(terminalText(note, longestError));
}

function show(host: Host, report: MonitoringReport, told: readonly Told[], asJson: boolean): void {
  const { terminal } = host;
  host.onSummary?.(monitoringMarkdown(report));
  if (asJson) {
    const document = { schema: 1, command: 'status', monitoring: monitoringDocument(report), told };
    terminal.out(`${JSON.stringify(document)}\n`);
    return;
  }
  const paint: Paint = (style, text) =>
    terminal.color ? styleText(style, text, { validateStream: false }) : text;
  for (const line of monitoringLines(report, paint)) terminal.out(`${line}\n`);
  for (const { what, prompt, url } of told)
    terminal.out(`${terminalText(`told: ${prompt ?? 'an alert'} is ${what}: ${url}`)}\n`);
}
