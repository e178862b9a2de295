import type { ScorebookEntry } from '../optimization/scorebook-schema.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { markdownFence, markdownText, terminalText } from './hostile.ts';
import { table } from './markdown/blocks.ts';
import { formatCount, noNumber } from './numbers.ts';
import { diffMessages, unifiedDiff } from './prompt-diff.ts';

/** What is told of a release. */
export type ReleaseStory = {
  readonly prompt: Prompt;
  /** Its entry in the scorebook; null where it was not measured. */
  readonly scores: ScorebookEntry | null;
  /** The release before; null for the first. */
  readonly before: { readonly prompt: Prompt; readonly scores: ScorebookEntry | null } | null;
  readonly commit: string;
  /** Address of the run that made it; null outside of Actions. */
  readonly runUrl: string | null;
};

/** `query_processing/default 1.2.0`. */
export function releaseTitle({ prompt: { id, version } }: ReleaseStory): string {
  return terminalText(`${id} ${version}`, 200);
}

/** What a version is, how well it does, and what changed, as Markdown. */
export function releaseNotes(story: ReleaseStory): string {
  const { prompt, before, commit, runUrl } = story;
  const log = runUrl === null ? '' : ` · [log](${runUrl})`;
  return `${[
    ...(prompt.description === undefined ? [] : [markdownText(prompt.description, 500)]),
    ...scoreBlocks(story),
    ...(before ? changeBlocks(prompt, before.prompt) : ['The first release of this prompt.']),
    'The files below hold the prompt as it is sent, its scores, what changed and where it was made. `sha256sum --check SHA256SUMS` compares them.',
    `<sub>Made from ${commit.slice(0, 10)}${log}</sub>`,
  ].join('\n\n')}\n`;
}

function scoreBlocks({ prompt, scores, before }: ReleaseStory): readonly string[] {
  if (!scores) return ['This version has no entry in its scorebook: it was not measured by `optimize`.'];
  const { dataset, model, date } = scores;
  const past = before?.scores?.dataset.digest === dataset.digest ? before.scores : null;
  const rows = [
    ['objective', past?.objective, scores.objective] as const,
    ...Object.entries(scores.metrics).map(([name, value]) => [name, past?.metrics[name], value] as const),
  ].map(([name, then, now]) => [
    markdownText(name, 80),
    ...(past ? [shown(then)] : []),
    shown(now),
    formatCount(now.n),
  ]);
  const columns = [...(past ? [past.version] : []), prompt.version, 'examples'];
  return [
    table(
      [{ name: 'metric' }, ...columns.map((name) => ({ name: markdownText(name, 60), numeric: true }))],
      rows,
    ),
    `Measured on ${date} with ${markdownText(model, 120)} on the ${formatCount(dataset.n)} examples of ${markdownText(dataset.path, 200)}; in brackets the 95% interval.`,
  ];
}

function changeBlocks(prompt: Prompt, before: Prompt): readonly string[] {
  const lines = unifiedDiff(diffMessages(before.messages, prompt.messages));
  const since = `since ${markdownText(before.version, 60)}`;
  if (lines.length === 0) return [`The messages have not changed ${since}.`];
  return [`What changed ${since}:`, markdownFence(lines.join('\n'), 'diff', 20_000)];
}

function shown(value: ScorebookEntry['objective'] | undefined): string {
  if (!value || value.mean === null) return noNumber;
  return value.interval === null ? String(value.mean) : `${value.mean} (${value.interval.join(' to ')})`;
}
