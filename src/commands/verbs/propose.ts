import type { Command } from 'commander';
import { checkoutOf } from '../../host/checkout.ts';
import { terminalText } from '../../reports/hostile.ts';
import { type CommonOptions, examples, withCommonOptions } from '../command-options.ts';
import { type Context, workspaceOf } from '../context.ts';
import { type Proposed, runPropose } from '../propose/propose.ts';
import { openRepositoryHost } from '../repository-host.ts';

/** `promptline propose`. */
export function addPropose(program: Command, { host }: Context): void {
  withCommonOptions(program.command('propose'))
    .description('open or refresh one pull request for each better version that optimize found')
    .argument('<folder...>', 'the --out folders of optimize')
    .addHelpText(
      'after',
      `${examples('promptline propose results')}\n
Needs GITHUB_TOKEN with contents and pull-requests: write.`,
    )
    .action(async (folders: string[], options: CommonOptions) => {
      const workspace = workspaceOf(host, options);
      const top = await checkoutOf(workspace.root);
      const github = await openRepositoryHost(host, workspace.root);
      const proposed = await runPropose(workspace, github, { folders, top });
      host.onResult?.({ proposals: proposed });
      if (options.json) host.terminal.out(`${JSON.stringify({ schema: 1, proposals: proposed })}\n`);
      else for (const each of proposed) host.terminal.out(`${describe(each)}\n`);
    });
}

function describe({ id, outcome, url, why }: Proposed): string {
  const words = [`${terminalText(id)}  ${outcome}`, url, why === null ? null : terminalText(why, 600)];
  return words.filter((word) => word !== null).join('  ');
}
