import type { ExampleChange } from '../../evaluation/scorecard.ts';
import { costFacts, describeGroup, groupFailures } from '../costs.ts';
import { describeTally, gainOf } from '../example-changes.ts';
import { countFlaky, describeRepeats } from '../flaky.ts';
import { terminalText } from '../hostile.ts';
import { adjustedPOf } from '../metric-rows.ts';
import { describeP, formatDifference, formatDifferenceInterval, formatSize } from '../numbers.ts';
import type { Section } from '../sections.ts';
import { countJudged, judgedSlices } from '../slices.ts';
import type { Paint } from './paint.ts';
import { wrap } from './wrap.ts';

/** Of each list, the first ones; the report files have more. */
const SHOWN = 5;

/** What stands under a section's table. */
export function detailLines(section: Section, paint: Paint, columns: number): readonly string[] {
  const costs = costFacts(section).map(
    ({ name, value }) => `${terminalText(name, 40).toLowerCase()} ${value}`,
  );
  return [
    ...[
      ...tableNotes(section),
      ...gateLines(section),
      ...explanationLines(section),
      ...changeLines(section),
      ...sliceLines(section),
      ...flakyLines(section),
      ...failureLines(section),
    ].flatMap((line) => wrap(line, columns)),
    ...wrap(costs.join(' · '), columns).map((line) => paint('dim', line)),
  ];
}

function tableNotes({ rows }: Section): readonly string[] {
  const adjusted = rows.flatMap(({ name, comparison }) => {
    const p = adjustedPOf(comparison);
    return p === null ? [] : [`${terminalText(name, 40)} ${describeP(p)}`];
  });
  const detectable = rows.flatMap(({ name, unit, comparison }) =>
    comparison?.verdict === 'inconclusive' && comparison.detectable !== null
      ? [`${terminalText(name, 40)} ${formatSize(comparison.detectable, unit)}`]
      : [],
  );
  return [
    ...(adjusted.length > 0 ? [`Adjusted over the gated metrics: ${first(adjusted)}`] : []),
    ...(detectable.length > 0 ? [`Smallest true difference found 4 times in 5: ${first(detectable)}`] : []),
  ];
}

function gateLines({ gate, rows }: Section): readonly string[] {
  if (!gate) return [];
  if (gate.notes.length > 0) {
    const title = gate.passed ? 'No gate failed, but' : 'Notes on the gates';
    return [`${title}: ${first(gate.notes.map((note) => terminalText(note)))}`];
  }
  return gate.passed && rows.some(({ tier }) => tier === 'gate') ? ['All gates passed.'] : [];
}

/** What changed, what it earns, and one line of descent. */
function explanationLines({ explanation }: Section): readonly string[] {
  if (!explanation) return [];
  const { changes, earnings, earningNotes, descent } = explanation;
  return [
    ...[...changes, ...earnings].slice(0, 2 * SHOWN).map((sentence) => terminalText(sentence, 500)),
    ...earningNotes.map((note) => terminalText(note)),
    ...(descent === null ? [] : [`Descent: ${terminalText(descent, 500)}`]),
  ];
}

function changeLines({ changes }: Section): readonly string[] {
  if (!changes) return [];
  const gain = (change: ExampleChange) =>
    `${terminalText(change.example, 60)} ${formatDifference(gainOf(change), 'ratio')}`;
  return [
    `Examples: ${describeTally(changes)}`,
    ...(changes.lost.length > 0 ? [`Lost most: ${first(changes.lost.map(gain))}`] : []),
  ];
}

function sliceLines({ slices }: Section): readonly string[] {
  if (slices.length === 0) return [];
  const judged = judgedSlices(slices).map(
    ({ tag, difference, interval, verdict }) =>
      `${terminalText(tag, 60)} ${formatDifference(difference, 'ratio')} (${formatDifferenceInterval(interval, 'ratio')}, ${verdict})`,
  );
  return [countJudged(slices) + (judged.length > 0 ? `: ${first(judged)}` : '')];
}

function flakyLines({ flaky }: Section): readonly string[] {
  if (flaky.length === 0) return [];
  const named = flaky.map((each) => `${terminalText(each.example, 60)} (${describeRepeats(each)})`);
  return [`${countFlaky(flaky)}: ${first(named)}`];
}

function failureLines({ failures }: Section): readonly string[] {
  return groupFailures(failures)
    .slice(0, SHOWN)
    .map(({ error, examples }) => `Failed, ${describeGroup(examples)}: ${terminalText(error, 200)}`);
}

function first(entries: readonly string[]): string {
  const missing = entries.length - SHOWN;
  return entries.slice(0, SHOWN).join('; ') + (missing > 0 ? `; and ${missing} more` : '');
}
