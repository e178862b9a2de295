import type { Command } from 'commander';
import { terminalText } from '../../reports/hostile.ts';
import { type CommonOptions, examples, withCommonOptions } from '../command-options.ts';
import { type Context, longestError, workspaceOf } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { dueFamilies } from '../triggers.ts';

/** `promptline triggers`. */
export function addTriggers(program: Command, { host, setCode }: Context): void {
  withCommonOptions(program.command('triggers'))
    .description('which families are due for optimization and why; the Action gives a matrix of them')
    .argument('[id...]', 'prompts to optimize in any case, as family/name')
    .addHelpText('after', examples('promptline triggers', 'promptline triggers --json'))
    .action((ids: string[], options: CommonOptions) => {
      const { due, problems } = dueFamilies(workspaceOf(host, options), ids);
      for (const problem of problems) host.terminal.note(terminalText(problem, longestError));
      if (problems.length > 0 && due.length === 0) setCode(exitCodes.input);
      const matrix = { include: due.map(({ family, ids: members }) => ({ family, ids: members.join(' ') })) };
      host.onResult?.({ matrix });
      if (options.json) host.terminal.out(`${JSON.stringify({ schema: 1, due, matrix })}\n`);
      else if (due.length === 0 && problems.length === 0) host.terminal.out('Nothing is due.\n');
      else {
        for (const reason of due.flatMap(({ reasons }) => reasons))
          host.terminal.out(`${terminalText(reason)}\n`);
      }
    });
}
