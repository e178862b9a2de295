import type { Command } from 'commander';
import { millisecondsOf } from '../../config/duration.ts';
import { commitTimeOf } from '../../host/checkout.ts';
import { terminalText } from '../../reports/hostile.ts';
import { describeIrregularity } from '../../telemetry/irregularities.ts';
import { type CommonOptions, examples, withCommonOptions } from '../command-options.ts';
import { type Context, type Host, longestError, workspaceOf } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { readMonitoring } from '../monitor.ts';
import { branchOf } from '../propose/standing.ts';
import { dueFamilies, monitoredOrNot, type Triggered } from '../triggers.ts';

/** `promptline triggers`. */
export function addTriggers(program: Command, { host, setCode }: Context): void {
  withCommonOptions(program.command('triggers'))
    .description('which families are due for optimization and why; the Action gives a matrix of them')
    .argument('[id...]', 'prompts to optimize in any case, as family/name')
    .addHelpText(
      'after',
      `${examples('promptline triggers', 'promptline triggers --json')}\n
A prompt is due when its files changed, when production says so (\`telemetry.sources\`), and on a schedule; \`triggers\` of
promptline.yaml has the settings.`,
    )
    .action(async (ids: string[], options: CommonOptions) => {
      const workspace = workspaceOf(host, options);
      const { timeLimit, atOnce } = workspace.configuration.triggers;
      // What is asked for is due whatever production says.
      const reading = ids.length > 0 ? null : { timeLimit: millisecondsOf(timeLimit) };
      const { monitored, problems: unread } = await monitoredOrNot(async () =>
        reading ? readMonitoring(host, workspace, reading) : null,
      );
      const found = await dueFamilies(workspace, ids, {
        now: host.terminal.now(),
        monitored,
        proposedAt: (id) => commitTimeOf(workspace.root, `refs/remotes/origin/${branchOf(id)}`),
      });
      const records = (monitored?.irregularities ?? []).map(describeIrregularity);
      for (const problem of [...found.problems, ...unread, ...records])
        host.terminal.note(terminalText(problem, longestError));
      if (found.problems.length > 0 && found.due.length === 0) setCode(exitCodes.input);
      show(host, found, { atOnce, asJson: options.json ?? false });
    });
}

function show(
  host: Host,
  { due, decisions, problems }: Triggered,
  { atOnce, asJson }: { readonly atOnce: number; readonly asJson: boolean },
): void {
  const matrix = { include: due.map(({ family, ids }) => ({ family, ids: ids.join(' ') })) };
  host.onResult?.({ matrix, 'at-once': atOnce });
  if (asJson) {
    host.terminal.out(`${JSON.stringify({ schema: 1, due, matrix, atOnce, decisions })}\n`);
    return;
  }
  if (due.length === 0 && problems.length === 0) host.terminal.out('Nothing is due.\n');
  for (const reason of due.flatMap(({ reasons }) => reasons))
    host.terminal.out(`${terminalText(reason, 900)}\n`);
  for (const { id, isDue, reasons, coolsUntil } of decisions) {
    if (isDue) continue;
    for (const { text } of reasons)
      host.terminal.out(`${terminalText(`${id}: not due before ${coolsUntil}, although ${text}`, 900)}\n`);
  }
}
