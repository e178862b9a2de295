import type { Harvest, Stratum } from '../telemetry/harvest/select.ts';
import type { VersionRanking } from '../telemetry/harvest/versions.ts';
import { markdownText, terminalText, titleText } from './hostile.ts';
import { countOf, formatCount, formatInterval, formatValue } from './numbers.ts';
import { markLine, type ProposalMark, workflowsNote } from './pull-request.ts';

/** What is shown of the harvest of one family. */
export type HarvestReport = {
  readonly family: string;
  /** Of all rows of the pull request, those of earlier runs included. */
  readonly rows: readonly { readonly id: string; readonly hasReference: boolean }[];
  readonly harvest: Harvest;
  /** Where the rows go, from the top of the repository. */
  readonly places: { readonly train: string; readonly unlabelled: string };
};

const meanings: Readonly<Record<Stratum, string>> = {
  failure: 'a call failed, or its answer broke the format',
  'low-feedback': 'a user disliked the answer',
  'new-cluster': 'no row of the datasets speaks of it',
  'rare-label': 'the training split has few rows with its label',
  labelled: 'a user liked the answer, or the judge approved of it',
};

const rowsMark = /^<!-- promptline harvest rows=([0-9a-z,-]*) -->$/m;

/** The ids of the rows that a pull request brought, as its body says. */
export function harvestedIn(body: string): readonly string[] {
  return (
    rowsMark
      .exec(body)?.[1]
      ?.split(',')
      .filter((id) => id !== '') ?? []
  );
}

/** One line: how many rows, for which family. */
export function harvestTitle({ family, rows }: HarvestReport): string {
  return titleText(`Add ${countOf(rows.length, 'row')} from production to ${family}`);
}

/** The body of the pull request: what it brings, what was taken out, what a reviewer must look at. It quotes no row. */
export function harvestBody(
  { family, rows, harvest, places }: HarvestReport,
  {
    command,
    startsWorkflows,
    ...mark
  }: ProposalMark & { readonly command: string; readonly startsWorkflows: boolean },
): string {
  const labelled = rows.filter(({ hasReference }) => hasReference).length;
  return `${markLine(mark)}
<!-- promptline harvest rows=${rows.map(({ id }) => id).join(',')} -->
## ${countOf(rows.length, 'row')} from production for ${markdownText(family)}

- ${countOf(labelled, 'row')} with a reference, to \`${markdownText(places.train)}\`. Each is an answer that a user liked (\`label:feedback\`) or a judge approved of (\`label:judge\`): no person checked it.
- ${countOf(rows.length - labelled, 'row')} without one, to \`${markdownText(places.unlabelled)}\`. No command reads this file.

### Why these rows

${table(
  ['rows of this run', 'tag', 'meaning'],
  Object.entries(harvest.chosen).map(([stratum, count]) => [
    formatCount(count),
    `\`${stratum}\``,
    meanings[stratum as Stratum],
  ]),
)}

A row counts once, by the first reason. ${leftOut(harvest)}

### Personal data taken out

${redactedTable(harvest)}

Found by patterns, check digits and a lexicon of names. What they do not know is still there.

### Before you merge

1. Read every row. Where personal data was not found, add a rule to \`harvest.redact\` and run this again: it writes the branch anew. Who knows the old commit can still read it; ask GitHub to remove it where that matters.
2. Check each reference. Neither users nor judges check well.
3. Write \`expected\` for rows in \`${markdownText(places.unlabelled)}\` that are worth it, and move them to the training split.
4. Delete rows that you do not want. They are not proposed again.
5. Keep dev and test apart: move a row there only if you would have chosen it without knowing how a version answers it.

Repeat: \`${markdownText(command, 1_000)}\`
${workflowsNote(startsWorkflows)}`;
}

function redactedTable({ redacted }: Harvest): string {
  const kinds = Object.entries(redacted);
  if (kinds.length === 0) return 'None was found in the rows of this run.';
  return table(
    ['pieces', 'kind'],
    kinds.map(([kind, count]) => [formatCount(count), `\`${kind}\``]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Of how many inputs the rows were chosen, and why the others were not. */
function leftOut({ candidates, left }: Harvest): string {
  const { nearCopies, unfit, declined, usual, beyondLimit } = left;
  const reasons = [
    [nearCopies, 'almost the same as another row'],
    [usual, 'of a kind the datasets have'],
    [unfit, 'without what the prompts ask for'],
    [declined, 'decided on in an earlier pull request'],
    [beyondLimit, 'beyond the limit'],
  ] as const;
  const told = reasons.filter(([count]) => count > 0).map(([count, why]) => `${formatCount(count)} ${why}`);
  const from = `Chosen from ${countOf(candidates, 'input')}`;
  return told.length === 0 ? `${from}.` : `${from}; left out: ${told.join(', ')}.`;
}

/** A family's harvest as lines for a terminal. */
export function describeHarvest({ family, rows, harvest }: HarvestReport): string[] {
  const labelled = rows.filter(({ hasReference }) => hasReference).length;
  const chosen = Object.entries(harvest.chosen).filter(([, count]) => count > 0);
  const redacted = Object.entries(harvest.redacted);
  return [
    `${terminalText(family)}  ${countOf(rows.length, 'row')}, ${formatCount(labelled)} with a reference`,
    `  ${leftOut(harvest)}`,
    ...(chosen.length > 0
      ? [`  this run: ${chosen.map(([name, count]) => `${formatCount(count)} ${name}`).join(', ')}`]
      : []),
    ...(redacted.length > 0
      ? [`  taken out: ${redacted.map(([kind, count]) => `${formatCount(count)} ${kind}`).join(', ')}`]
      : []),
  ];
}

/** The commands that measure the versions of production on harvested rows, once these are merged; a line for each prompt with several. */
export function describeMeasuring(rankings: readonly VersionRanking[]): string[] {
  return rankings.flatMap(({ prompt, metric, versions }) => {
    if (metric !== 'success' || versions.length < 2) return [];
    const named = versions.map(({ version }) => version).join(',');
    const command = `promptline evaluate ${prompt} --versions ${named} --split train --tags harvested`;
    return [`To measure them on the rows, once merged: ${terminalText(command, 1_000)}`];
  });
}

/** How versions did over the period, a line each. */
export function describeRanking({ prompt, metric, versions, best }: VersionRanking): string[] {
  const verdict = best === null ? 'no version is shown to be best' : `${best} is best`;
  return [
    `${terminalText(prompt)} by ${terminalText(metric)}: ${terminalText(verdict)}`,
    ...versions.map(
      ({ version, users, mean, interval }) =>
        `  ${terminalText(version)}  ${formatValue(mean, 'ratio')} (${formatInterval(interval, 'ratio')}) of ${countOf(users, 'user')}`,
    ),
  ];
}
