import type { Command } from 'commander';
import { type CommonOptions, examples, option, withCommonOptions } from '../command-options.ts';
import { type Context, workspaceOf } from '../context.ts';
import { selectPromptFiles } from '../workspace.ts';

type StatusOptions = CommonOptions & { html?: string; alert?: boolean };

/** `promptline status`. */
export function addStatus(program: Command, { host, setCode }: Context): void {
  withCommonOptions(program.command('status'))
    .description(
      'everything at a glance: versions, scores, rollouts, production, alerts, and what to do next',
    )
    .argument('[id...]', 'prompts to show, as family/name; default: all')
    .addOption(option('--html <file>', 'write it as a page, for a browser or GitHub Pages'))
    .option('--alert', 'tell of alerts that fire or are resolved, each once: by an issue, and by `alerts`')
    .addHelpText(
      'after',
      examples('promptline status', 'promptline status --html status.html', 'promptline status --alert'),
    )
    .action(async (ids: string[], { html, json = false, alert = false, ...options }: StatusOptions) => {
      const workspace = workspaceOf(host, options);
      // An id that does not exist is answered before telemetry is read.
      selectPromptFiles(workspace, ids);
      // Most commands draw no dashboard and do not load it.
      const { runStatus } = await import('../status/status.ts');
      setCode(await runStatus(host, workspace, { ids, html, json, alert }));
    });
}
