import type { ExampleChange } from '../../evaluation/scorecard.ts';
import { gainOf, tallyOf } from '../example-changes.ts';
import { type MetricRow, ownOf } from '../metric-rows.ts';
import { formatDifference, formatValue, noNumber } from '../numbers.ts';
import type { PromptReport } from '../run-report.ts';
import type { Section } from '../sections.ts';
import { percent } from './axis.ts';
import { html, type Markup } from './markup.ts';

const SHOWN_AT_ONCE = 8;
const MOST_EXAMPLES = 300;

/** The examples that were lost and won, worst first. */
export function changesBlock({ changes }: Section): Markup | null {
  if (!changes) return null;
  const { lost, won, emptyAnswer } = changes;
  const table = (title: string, members: readonly ExampleChange[]) =>
    members.length === 0
      ? null
      : html`<h4>${title}</h4>${foldedTable(
          ['example', 'change', 'input', 'expected', 'before', 'after'],
          members.map((change) => changeCells(change, emptyAnswer)),
          'changes',
        )}`;
  return html`<section><h3>Examples lost and won</h3>
${tally(tallyOf(changes))}
${table('Lost', lost)}
${table('Won', won)}</section>`;
}

/** Each example of an evaluation: failures first, then the lowest scores. */
export function answersBlock({ examples, rows, failures }: Section): Markup | null {
  if (examples.length === 0) return null;
  const metrics = rows.slice(1);
  const worstFirst = examples.toSorted(
    (a, b) =>
      Number(a.output !== null) - Number(b.output !== null) || quality(a, metrics) - quality(b, metrics),
  );
  const errors = new Map(failures.map(({ example, error }) => [example, error]));
  const columns = ['example', 'answer', 'what was wrong', ...metrics.map(({ name }) => name)];
  return html`<section><h3>Examples, worst first</h3>${foldedTable(
    columns,
    worstFirst.map((example) => answerCells(example, metrics, errors.get(example.example))),
    'answers',
  )}</section>`;
}

function changeCells(change: ExampleChange, emptyAnswer: string): readonly Markup[] {
  const gain = gainOf(change);
  return [
    html`<code>${change.example}</code>`,
    html`<span class="${gain < 0 ? 'is-bad' : 'is-good'}">${formatDifference(gain, 'ratio')}</span>`,
    textBox(change.input),
    textBox(change.expected),
    textBox(change.base.output, emptyAnswer),
    textBox(change.head.output, emptyAnswer),
  ];
}

function answerCells(
  { example, output, values, feedback }: PromptReport['examples'][number],
  metrics: readonly MetricRow[],
  error: string | undefined,
): readonly Markup[] {
  const wrong = error === undefined ? feedback : [error, ...feedback];
  return [
    html`<code>${example}</code>`,
    output === null ? html`<span class="is-bad">no answer</span>` : textBox(output),
    wrong.length === 0 ? html`${noNumber}` : textBox(wrong.join('\n')),
    ...metrics.map(
      ({ name, unit }) => html`<span class="value">${formatValue(ownOf(values, name) ?? null, unit)}</span>`,
    ),
  ];
}

/** Mean of an example's ratio metrics, turned so that higher is better; what has no value comes first. */
function quality({ values }: PromptReport['examples'][number], metrics: readonly MetricRow[]): number {
  const scores = metrics.flatMap(({ name, unit, head }) => {
    const value = ownOf(values, name);
    if (unit !== 'ratio' || value === null || value === undefined) return [];
    return [head.direction === 'higher' ? value : 1 - value];
  });
  return scores.length === 0 ? -1 : scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

function textBox(text: string, empty = 'empty'): Markup {
  return text.trim() === '' ? html`<em>${empty}</em>` : html`<div class="text">${text}</div>`;
}

function foldedTable(columns: readonly string[], rows: readonly (readonly Markup[])[], kind: string): Markup {
  const rest = rows.slice(SHOWN_AT_ONCE, MOST_EXAMPLES);
  const missing = rows.length - MOST_EXAMPLES;
  return html`${examplesTable(columns, rows.slice(0, SHOWN_AT_ONCE), kind)}
${rest.length > 0 ? html`<details><summary>${rest.length} more</summary>${examplesTable(columns, rest, kind)}</details>` : null}
${missing > 0 ? html`<p class="left-out">${missing} more are in report.json.</p>` : null}`;
}

function examplesTable(
  columns: readonly string[],
  rows: readonly (readonly Markup[])[],
  kind: string,
): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Examples"><table class="examples ${kind}"><thead><tr>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map((cells) => html`<tr>${cells.map((cell, index) => html`<td data-label="${columns[index] ?? ''}">${cell}</td>`)}</tr>`)}</tbody></table></div>`;
}

/** Lost, unchanged and won as parts of one bar, with their counts. */
function tally(parts: ReturnType<typeof tallyOf>): Markup {
  const total = parts.reduce((sum, { count }) => sum + count, 0) || 1;
  let start = 0;
  const bars = parts.map(({ kind, count }) => {
    const bar = html`<rect class="${kind}" x="${percent((100 * start) / total)}" width="${percent((100 * count) / total)}" height="10"/>`;
    start += count;
    return bar;
  });
  return html`<svg class="tally" height="10" role="img"><title>${parts.map(({ said }) => said).join(', ')}</title>${bars}</svg>
<p class="key">${parts.map(({ kind, said }) => html`<span><i class="square ${kind}"></i>${said}</span> `)}</p>`;
}
