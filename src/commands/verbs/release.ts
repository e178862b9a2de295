import type { Command } from 'commander';
import type { PromptlineError } from '../../errors.ts';
import { displayPath } from '../../files/paths.ts';
import { checkoutOf } from '../../host/checkout.ts';
import type { ReleaseHost } from '../../host/release-host.ts';
import type { RepositoryHost } from '../../host/repository-host.ts';
import { terminalText } from '../../reports/hostile.ts';
import { planOf } from '../../rollout/plan.ts';
import { type CommonOptions, examples, withCommonOptions } from '../command-options.ts';
import { type Context, type Host, tellProblems, workspaceOf } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { type Released, type ReleaseResult, runRelease } from '../release/release.ts';
import { type Started, startRollouts } from '../release/start-rollouts.ts';
import { openRepositoryHost } from '../repository-host.ts';
import { rolloutConfigurationOf, withStateBranch } from '../rollouts/open.ts';
import { publisherOf } from '../rollouts/outside.ts';
import { runUrlOf } from '../run-url.ts';
import type { Workspace } from '../workspace.ts';

/** One line of what the command tells: a version and what became of its rollout. */
type Told = Released & { readonly rollout: string | null };

/** `promptline release`. */
export function addRelease(program: Command, { host, setCode }: Context): void {
  withCommonOptions(program.command('release'))
    .description('release the versions that were merged, and start their rollouts')
    .argument('[id...]', 'prompts, as family/name; all by default')
    .addHelpText(
      'after',
      `${examples('promptline release', 'promptline release query_processing/default')}\n
Run it on the default branch. Needs GITHUB_TOKEN with contents: write.`,
    )
    .action(async (ids: string[], options: CommonOptions) => {
      const workspace = workspaceOf(host, options);
      const top = await checkoutOf(workspace.root);
      const github = await openRepositoryHost(host, workspace.root);
      const result = await runRelease(workspace, github, { ids, top, runUrl: runUrlOf(host.environment) });
      const rollouts = await startIn(host, workspace, { github, result, top });
      const told = result.released.map((each) => ({
        ...each,
        rollout: rollouts.started.get(each.id) ?? rollouts.refused.get(each.id) ?? null,
      }));
      host.onResult?.({ released: told });
      if (options.json) host.terminal.out(`${JSON.stringify({ schema: 1, released: told })}\n`);
      else for (const each of told) host.terminal.out(`${describe(each)}\n`);
      const problems = [...result.problems, ...rollouts.problems];
      tellProblems(host, problems);
      const isRefused = told.some(({ id, outcome }) => outcome === 'released' && rollouts.refused.has(id));
      setCode(codeOf(problems, isRefused));
    });
}

const nothing: Started = { started: new Map(), refused: new Map(), problems: [] };

async function startIn(
  host: Host,
  workspace: Workspace,
  {
    github,
    result,
    top,
  }: {
    readonly github: RepositoryHost & ReleaseHost;
    readonly result: ReleaseResult;
    readonly top: string;
  },
): Promise<Started> {
  if (!workspace.configuration.rollout || result.releases.size === 0) return nothing;
  const below = displayPath(top, workspace.root);
  const plan = planOf(rolloutConfigurationOf(workspace));
  return withStateBranch(host, workspace, (branch) =>
    startRollouts(
      {
        branch,
        publisher: publisherOf(host, workspace, branch),
        host: github,
        plan,
        folder: below === '' ? '' : `${below}/`,
        defaultModel: workspace.configuration.models.task,
        alert: async (prompt, { what }) => host.terminal.note(terminalText(`${prompt}: ${what}`)),
      },
      result.releases,
      new Date(host.terminal.now()).toISOString(),
    ),
  );
}

/** The outside comes first: a rerun mends it, and then tells of the files. */
function codeOf(problems: readonly PromptlineError[], isRefused: boolean): number {
  if (problems.some(({ kind }) => kind === 'outside')) return exitCodes.outside;
  if (problems.length > 0) return exitCodes.input;
  return isRefused ? exitCodes.gate : exitCodes.fine;
}

function describe({ id, version, outcome, url, why, rollout }: Told): string {
  const words = [
    `${terminalText(id)} ${terminalText(version)}  ${outcome}`,
    url,
    rollout === null ? null : `rollout: ${terminalText(rollout, 600)}`,
    why === null ? null : terminalText(why, 600),
  ];
  return words.filter((word) => word !== null).join('  ');
}
