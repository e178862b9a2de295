import { styleText } from 'node:util';
import { costFacts, describeGroup, groupFailures } from './costs.ts';
import { displayWidth } from './display-width.ts';
import { splitChanges } from './example-changes.ts';
import { type Headline, sentenceOf, summariseHeadlines } from './headline.ts';
import { terminalText } from './hostile.ts';
import type { RunReport } from './run-report.ts';
import { type Section, sectionsOf } from './sections.ts';
import { metricsTable } from './terminal/metrics-table.ts';
import { type Paint, toneStyles } from './terminal/paint.ts';

export type TerminalOptions = {
  readonly color: boolean;
  /** Width of the terminal. */
  readonly columns: number;
};

/** A report for a terminal: the verdict, then each prompt's metrics, what changed hands and what it cost. */
export function renderTerminal(report: RunReport, { color, columns }: TerminalOptions): string {
  const paint: Paint = (style, text) => (color ? styleText(style, text, { validateStream: false }) : text);
  const sections = sectionsOf(report);
  const headline = summariseHeadlines(
    sections.map((section) => section.headline),
    report.ended,
  );
  const blocks = [
    showHeadline(headline, paint, columns),
    ...sections.map((section) => showSection(section, sections.length > 1, paint, columns)),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function showHeadline(headline: Headline, paint: Paint, columns: number): string {
  return [
    paint(toneStyles[headline.tone], headline.label),
    ...wrap(terminalText(sentenceOf(headline), 800), columns),
  ].join('\n');
}

function showSection(section: Section, several: boolean, paint: Paint, columns: number): string {
  const title = `${terminalText(section.id, 120)}  ${terminalText(section.versions, 80)}  ${terminalText(section.model, 120)}`;
  const verdict = several ? showHeadline(section.headline, paint, columns).split('\n') : [];
  return [
    paint('bold', title),
    ...verdict,
    ...metricsTable(section.rows, paint, columns),
    ...showDetails(section, paint, columns),
  ].join('\n');
}

function showDetails(section: Section, paint: Paint, columns: number): readonly string[] {
  const lines: string[] = [];
  if (section.proposal?.comparison) {
    const { lost, won, unchanged } = splitChanges(section.proposal);
    lines.push(`Examples: ${lost.length} lost, ${won.length} won, ${unchanged} unchanged`);
  }
  for (const { error, examples } of groupFailures(section.failures).slice(0, 5)) {
    lines.push(...wrap(`Failed, ${describeGroup(examples)}: ${terminalText(error, 200)}`, columns));
  }
  const costs = costFacts(section).map(({ name, value }) => `${name.toLowerCase()} ${value}`);
  return [...lines, ...wrap(costs.join(' · '), columns).map((line) => paint('dim', line))];
}

/** Lines of at most `columns`, broken between words; a longer word stands alone. */
function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && displayWidth(last) + 1 + displayWidth(word) <= columns)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
