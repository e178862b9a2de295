import { flakyExamples } from '../evaluation/example-changes.ts';
import { rankScorecards } from '../evaluation/ranking.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { promptReport } from '../reports/prompt-report.ts';
import { type RunReport, reportSchemaVersion } from '../reports/run-report.ts';
import { version } from '../version.ts';
import type { EvaluateOptions } from './evaluate.ts';
import { type Measured, measurePrompt } from './measure-prompt.ts';
import { planVersions, type VersionsSelection } from './plan-versions.ts';
import type { Session } from './session.ts';
import { showProgress, type Terminal } from './terminal.ts';
import type { Workspace } from './workspace.ts';

export type EvaluateVersionsOptions = VersionsSelection &
  Pick<EvaluateOptions, 'repeat' | 'out' | 'command' | 'signal'>;

/**
 * Measures released versions of a prompt on the same examples and says which is best. Gates judge what is to be released, not what was,
 * and stay out of it.
 */
export async function runEvaluateVersions(
  workspace: Workspace,
  session: Session,
  terminal: Terminal,
  { repeat, out, command, signal, ...selection }: EvaluateVersionsOptions,
): Promise<RunReport> {
  const tools = { metrics: session.tools, open: session.model };
  const { task, source, prompts, waiting } = await planVersions(workspace, tools, selection);
  const progress = showProgress(terminal);
  const how = { repeat, out, signal, onProgress: progress.onProgress, now: terminal.now };
  const measure = (prompt: Prompt): Promise<Measured> =>
    measurePrompt(session, task, prompt, source, {
      ...{ ...how, side: 'head', isPart: false, name: `${prompt.id}@${prompt.version}` },
    });
  const measured: Measured[] = [];
  try {
    for (const prompt of prompts) measured.push(await measure(prompt));
  } finally {
    progress.end();
  }
  const ranking = rankScorecards(
    task.prompt.id,
    measured.map(({ card }) => card),
    task.metrics,
  );
  const byRank = ranking.versions.flatMap((ranked) =>
    measured.filter(({ card }) => card.prompt.version === ranked.version),
  );
  return {
    schema: reportSchemaVersion,
    command,
    version,
    prompts: byRank.map(({ card, detailed, elapsedMs, calibrations }) => {
      const flaky = flakyExamples(task.metrics, card.results);
      const beside = { elapsedMs, ...(flaky.length > 0 && { flaky }), ...(calibrations && { calibrations }) };
      return promptReport(card, beside, detailed);
    }),
    ranking: { ...ranking, ...(waiting && { waiting }) },
  };
}
