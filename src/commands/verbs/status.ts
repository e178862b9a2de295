import type { Command } from 'commander';
import { type CommonOptions, examples, option, withCommonOptions } from '../command-options.ts';
import { type Context, workspaceOf } from '../context.ts';

/** `promptline status`. */
export function addStatus(program: Command, { host }: Context): void {
  withCommonOptions(program.command('status'))
    .description('everything at a glance: versions, scores, rollouts, alerts, and what to do next')
    .addOption(option('--html <file>', 'write it as a page, for a browser or GitHub Pages'))
    .addHelpText('after', examples('promptline status', 'promptline status --html status.html'))
    .action(async ({ html, json = false, ...options }: CommonOptions & { html?: string }) => {
      const workspace = workspaceOf(host, options);
      // Most commands draw no dashboard and do not load it.
      const { runStatus } = await import('../status/status.ts');
      await runStatus(host, workspace, { html, json });
    });
}
