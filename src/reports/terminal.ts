import { styleText } from 'node:util';
import type { Headline } from './headline.ts';
import { terminalText } from './hostile.ts';
import { headlineOfRun } from './run-headline.ts';
import type { RunReport } from './run-report.ts';
import { type Section, sectionsOf } from './sections.ts';
import { detailLines } from './terminal/details.ts';
import { metricsTable } from './terminal/metrics-table.ts';
import { type Paint, toneStyles } from './terminal/paint.ts';
import { wrap } from './terminal/wrap.ts';

export type TerminalOptions = {
  readonly color: boolean;
  /** Width of the terminal. */
  readonly columns: number;
};

const MOST_NOTES = 12;

/** A report for a terminal: the verdict, then each prompt's metrics, what changed hands and what it cost. */
export function renderTerminal(report: RunReport, { color, columns }: TerminalOptions): string {
  const paint: Paint = (style, text) => (color ? styleText(style, text, { validateStream: false }) : text);
  const sections = sectionsOf(report);
  const blocks = [
    verdictLines(headlineOfRun(report, sections), paint, columns),
    ...sections.map((section) => sectionLines(section, sections.length > 1, paint, columns)),
  ];
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function verdictLines(
  { tone, label, finding, notes }: Pick<Headline, 'tone' | 'label' | 'finding' | 'notes'>,
  paint: Paint,
  columns: number,
): readonly string[] {
  const missing = notes.length - MOST_NOTES;
  return [
    paint(toneStyles[tone], label),
    ...(finding === null ? [] : wrap(terminalText(finding, 800), columns)),
    ...notes.slice(0, MOST_NOTES).flatMap((note) => wrap(`- ${terminalText(note, 800)}`, columns)),
    ...(missing > 0 ? [`- and ${missing} more`] : []),
  ];
}

function sectionLines(section: Section, several: boolean, paint: Paint, columns: number): readonly string[] {
  const title = `${terminalText(section.id, 120)}  ${terminalText(section.versions, 80)}  ${terminalText(section.model, 120)}`;
  return [
    paint('bold', title),
    ...(several ? verdictLines(section.headline, paint, columns) : []),
    ...metricsTable(section.rows, paint, columns),
    '',
    ...detailLines(section, paint, columns),
  ];
}
