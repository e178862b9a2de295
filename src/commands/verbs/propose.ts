import type { Command } from 'commander';
import { checkoutOf } from '../../host/checkout.ts';
import { terminalText } from '../../reports/hostile.ts';
import { type CommonOptions, examples, withCommonOptions } from '../command-options.ts';
import { type Context, workspaceOf } from '../context.ts';
import { type Proposed, runPropose } from '../propose/propose.ts';
import { openRepositoryHost } from '../repository-host.ts';
import { resultFolders } from '../result-folders.ts';

/** `promptline propose`. */
export function addPropose(program: Command, { host }: Context): void {
  withCommonOptions(program.command('propose'))
    .description('open or refresh one pull request for each better version that optimize found')
    .argument('<folder...>', 'the --out folders of optimize, or one that holds several')
    .addHelpText(
      'after',
      `${examples('promptline propose results')}\n
Needs GITHUB_TOKEN with contents and pull-requests: write.`,
    )
    .action(async (folders: string[], options: CommonOptions) => {
      const workspace = workspaceOf(host, options);
      const top = await checkoutOf(workspace.root);
      const github = await openRepositoryHost(host, workspace.root);
      const results = resultFolders(folders);
      const { proposals, failures } = await runPropose(workspace, github, { folders: results, top });
      host.onResult?.({ proposals });
      if (options.json) host.terminal.out(`${JSON.stringify({ schema: 1, proposals })}\n`);
      else for (const each of proposals) host.terminal.out(`${describe(each)}\n`);
      const [first, ...others] = failures;
      if (first) throw first.withAlso(others);
    });
}

function describe({ id, outcome, url, why }: Proposed): string {
  const words = [`${terminalText(id)}  ${outcome}`, url, why === null ? null : terminalText(why, 600)];
  return words.filter((word) => word !== null).join('  ');
}
