import { costFacts, describeGroup, groupFailures } from '../costs.ts';
import { countFlaky, describeRepeats, flakyMeaning } from '../flaky.ts';
import { examplesOf, type Headline } from '../headline.ts';
import { markdownText } from '../hostile.ts';
import { countOf } from '../numbers.ts';
import type { Section } from '../sections.ts';
import { capped, collapsible, type Limits, list, table } from './blocks.ts';
import { changeBlocks } from './examples.ts';
import { explanationBlocks } from './explanation.ts';
import { gateBlocks, metricBlocks } from './metrics.ts';
import { promptDiffBlocks } from './prompt-diff.ts';
import { searchBlocks } from './search.ts';
import { sliceBlocks } from './slices.ts';

/** A verdict: the finding, then what must be known with it. */
export function verdictBlocks(
  { label, finding, notes }: Pick<Headline, 'label' | 'finding' | 'notes'>,
  limits: Limits,
): readonly string[] {
  const { shown, leftOut } = capped(notes, limits.notes, 'notes');
  const said = finding === null ? '' : ` ${markdownText(finding, 800)}`;
  return [
    `**${label}.**${said}`,
    ...(shown.length > 0 ? [list(shown.map((note) => markdownText(note, 500)))] : []),
    ...leftOut,
  ];
}

/** One prompt's part: what was measured, the table, and the details to open. */
export function renderSection(section: Section, limits: Limits): readonly string[] {
  return [
    setting(section),
    ...explanationBlocks(section, limits),
    ...metricBlocks(section, limits),
    ...gateBlocks(section, limits),
    ...promptDiffBlocks(section, limits),
    ...changeBlocks(section, limits),
    ...sliceBlocks(section, limits),
    ...searchBlocks(section, limits),
    ...flakyBlocks(section, limits),
    ...failureBlocks(section, limits),
    collapsible('Cost and time', [
      list(costFacts(section).map(({ name, value }) => `${markdownText(name, 80)}: ${markdownText(value)}`)),
    ]),
  ];
}

function setting({ model, dataset }: Section): string {
  const parts = [markdownText(model, 120)];
  if (dataset) parts.push(`${markdownText(examplesOf(dataset), 200)} of ${markdownText(dataset.path, 200)}`);
  return parts.join(' · ');
}

function flakyBlocks({ flaky }: Section, limits: Limits): readonly string[] {
  if (flaky.length === 0) return [];
  const { shown, leftOut } = capped(flaky, limits.flaky, 'flaky examples');
  const rows = shown.map((each) => [markdownText(each.example, 80), describeRepeats(each)]);
  const examples = table([{ name: 'example' }, { name: 'objective at each repeat' }], rows);
  const parts = [flakyMeaning, ...(rows.length > 0 ? [examples] : []), ...leftOut];
  return [collapsible(countFlaky(flaky), parts)];
}

function failureBlocks({ failures }: Section, limits: Limits): readonly string[] {
  if (failures.length === 0) return [];
  const { shown, leftOut } = capped(groupFailures(failures), limits.failures, 'kinds of failure');
  const entries = shown.map(({ error, examples }) => {
    const named = examples.slice(0, 5).map((example) => markdownText(example, 80));
    const more = examples.length > named.length ? `, … ${describeGroup(examples)} in all` : '';
    return `${markdownText(error, limits.text + 100)} (${named.join(', ')}${more})`;
  });
  return [collapsible(countOf(failures.length, 'failure'), [list(entries), ...leftOut])];
}
