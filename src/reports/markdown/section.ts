import { costFacts, describeGroup, groupFailures } from '../costs.ts';
import { gainOf, splitChanges } from '../example-changes.ts';
import { markdownFence, markdownText } from '../hostile.ts';
import {
  countOf,
  formatDifference,
  formatDifferenceInterval,
  formatInterval,
  formatP,
  formatValue,
  noNumber,
} from '../numbers.ts';
import { unifiedDiff } from '../prompt-diff.ts';
import type { MetricRow, Section } from '../sections.ts';
import { capped, collapsible, type Limits, table } from './blocks.ts';
import { searchBlocks } from './search.ts';

/** One prompt's part: what was measured, the table, and the details to open. */
export function renderSection(section: Section, limits: Limits): readonly string[] {
  return [
    setting(section),
    ...metricBlocks(section, limits),
    ...gateBlocks(section),
    ...changeBlocks(section, limits),
    ...exampleBlocks(section, limits),
    ...searchBlocks(section, limits),
    ...costBlocks(section, limits),
  ];
}

function setting({ model, dataset }: Section): string {
  const parts = [markdownText(model, 120)];
  if (dataset)
    parts.push(`${countOf(dataset.n, `${dataset.split} example`)} of ${markdownText(dataset.path, 200)}`);
  return parts.join(' · ');
}

function metricBlocks({ rows }: Section, limits: Limits): readonly string[] {
  if (rows.length === 0) return [];
  const { shown, leftOut } = capped(rows, limits.metrics, 'metrics');
  const compared = rows.some((row) => row.comparison !== null);
  return [compared ? comparisonTable(shown) : valueTable(shown), ...leftOut];
}

function comparisonTable(rows: readonly MetricRow[]): string {
  return table(
    [
      { name: 'metric' },
      { name: 'base', numeric: true },
      { name: 'head', numeric: true },
      { name: 'difference (95% interval)', numeric: true },
      { name: 'p', numeric: true },
      { name: 'verdict' },
    ],
    rows.map(({ name, unit, head, base, comparison }) => [
      markdownText(name, 80),
      figure(formatValue(comparison?.base ?? base?.mean ?? null, unit)),
      figure(formatValue(comparison ? comparison.head : head.mean, unit)),
      comparison ? figure(describeDifference(comparison, unit)) : noNumber,
      markdownText(formatP(comparison?.p ?? null)),
      comparison ? comparison.verdict : noNumber,
    ]),
  );
}

function describeDifference(
  { difference, interval }: NonNullable<MetricRow['comparison']>,
  unit: MetricRow['unit'],
) {
  const text = formatDifference(difference, unit);
  return interval ? `${text} (${formatDifferenceInterval(interval, unit)})` : text;
}

/** A number as written by this room, where only two dollar signs could do harm: GitHub makes a formula of them. */
function figure(text: string): string {
  return text.replaceAll('$', '<span>$</span>');
}

function valueTable(rows: readonly MetricRow[]): string {
  return table(
    [
      { name: 'metric' },
      { name: 'value (95% interval)', numeric: true },
      { name: 'n', numeric: true },
      { name: 'missing', numeric: true },
    ],
    rows.map(({ name, unit, head }) => [
      markdownText(name, 80),
      figure(
        formatValue(head.mean, unit) + (head.interval ? ` (${formatInterval(head.interval, unit)})` : ''),
      ),
      String(head.n),
      String(head.missing),
    ]),
  );
}

function gateBlocks({ gate }: Section): readonly string[] {
  if (!gate) return [];
  if (gate.passed) return ['All gates passed.'];
  const reasons = gate.reasons.slice(0, 10).map((reason) => `- ${markdownText(reason)}`);
  return [['Gates that failed:', '', ...reasons].join('\n')];
}

function changeBlocks({ proposal, diff }: Section, limits: Limits): readonly string[] {
  if (!proposal || diff.length === 0) return [];
  const lines = unifiedDiff(diff);
  const { shown, leftOut } = capped(lines, limits.diffLines, 'lines of the difference');
  const explanation = proposal.explanation.slice(0, 12).map((sentence) => `- ${markdownText(sentence)}`);
  const file = proposal.file === null ? [] : [`New version: ${markdownText(proposal.file, 200)}`];
  const parts = [
    ...file,
    explanation.join('\n'),
    ...(shown.length > 0 ? [markdownFence(shown.join('\n'), 'diff')] : []),
  ];
  return [collapsible('What changed in the prompt', [...parts.filter((part) => part !== ''), ...leftOut])];
}

function exampleBlocks({ proposal }: Section, limits: Limits): readonly string[] {
  if (!proposal?.comparison) return [];
  const { lost, won, unchanged } = splitChanges(proposal);
  if (lost.length + won.length === 0) return [];
  const rows = [...lost, ...won];
  const { shown, leftOut } = capped(rows, limits.examples, 'examples');
  const cell = (text: string) => (text.trim() === '' ? '_empty_' : markdownText(text, limits.text));
  const examples = table(
    [
      { name: 'example' },
      { name: 'change', numeric: true },
      ...['input', 'expected', 'base', 'head'].map((name) => ({ name })),
    ],
    shown.map((change) => [
      markdownText(change.example, 80),
      formatDifference(gainOf(change), 'ratio'),
      ...[change.input, change.expected, change.base.output, change.head.output].map(cell),
    ]),
  );
  const summary = `Examples: ${lost.length} lost, ${won.length} won, ${unchanged} unchanged`;
  return [collapsible(summary, [...(shown.length > 0 ? [examples] : []), ...leftOut])];
}

function costBlocks(section: Section, limits: Limits): readonly string[] {
  const facts = costFacts(section).map(({ name, value }) => `- ${name}: ${markdownText(value)}`);
  const { shown, leftOut } = capped(groupFailures(section.failures), limits.failures, 'kinds of failure');
  const failures = shown.map(({ error, examples }) => {
    const named = examples.slice(0, 5).map((example) => markdownText(example, 80));
    const more = examples.length > named.length ? `, … ${describeGroup(examples)} in all` : '';
    return `- ${markdownText(error, limits.text + 100)} (${named.join(', ')}${more})`;
  });
  const pinned = section.pinned.map(
    ({ name, value }) => `- ${markdownText(name, 200)}: ${markdownText(value, 100)}`,
  );
  const listed =
    failures.length > 0
      ? [collapsible(`Failures: ${section.failures.length}`, [failures.join('\n'), ...leftOut])]
      : [];
  return [
    ...listed,
    collapsible('Cost and time', [facts.join('\n')]),
    collapsible('Data, prompts and seed', [pinned.join('\n')]),
  ];
}
