import { type Headline, sentenceOf, summariseHeadlines, type Tone } from './headline.ts';
import { markdownFence, markdownText } from './hostile.ts';
import { capped, collapsible, type Limits } from './markdown/blocks.ts';
import { renderSection } from './markdown/section.ts';
import type { RunReport } from './run-report.ts';
import { type Section, sectionsOf } from './sections.ts';

/** Characters of a report; GitHub refuses a comment beyond 65,536 and the command adds its own lines. */
export const markdownLimit = 60_000;

const full: Limits = {
  sections: 200,
  metrics: 60,
  examples: 40,
  candidates: 40,
  failures: 40,
  diffLines: 400,
  text: 200,
};

/** The verdict and how to repeat it remain. */
const nothing: Limits = {
  sections: 0,
  metrics: 0,
  examples: 0,
  candidates: 0,
  failures: 0,
  diffLines: 0,
  text: 0,
};

const alerts: Readonly<Record<Tone, string>> = {
  good: 'TIP',
  bad: 'CAUTION',
  neutral: 'NOTE',
  doubt: 'WARNING',
};

/**
 * A report as GitHub Markdown, at most `markdownLimit` characters: a verdict, then each prompt's metrics and details.
 * Too long a report gets shorter lists that say what they leave out.
 */
export function renderMarkdown(report: RunReport): string {
  const sections = sectionsOf(report);
  for (const limits of shrinkingLimits(sections.length)) {
    const text = renderWithin(report, sections, limits);
    if (text.length <= markdownLimit) return text;
  }
  return renderWithin(report, sections, nothing);
}

function renderWithin(report: RunReport, sections: readonly Section[], limits: Limits): string {
  const { shown, leftOut } = capped(sections, limits.sections, 'prompts');
  const several = sections.length > 1;
  const parts = shown.flatMap((section) => [
    `### ${markdownText(section.id, 120)} ${markdownText(section.versions, 80)}`,
    ...(several ? [verdictLine(section.headline)] : []),
    ...renderSection(section, limits),
  ]);
  const headline = summariseHeadlines(
    sections.map((section) => section.headline),
    report.ended,
  );
  const alert = `> [!${alerts[headline.tone]}]\n> ${verdictLine(headline)}`;
  return `${[alert, ...parts, ...leftOut, repeatBlock(report)].join('\n\n')}\n`;
}

function verdictLine(headline: Headline): string {
  return `**${headline.label}.** ${markdownText(sentenceOf(headline), 800)}`;
}

function repeatBlock({ command, version }: RunReport): string {
  return collapsible('How to repeat it', [
    markdownFence(command, 'sh', 2_000),
    `promptline ${markdownText(version, 80)}`,
  ]);
}

/** Lists shrink first, whole prompts go last. */
function* shrinkingLimits(sections: number): Generator<Limits> {
  for (const share of [1, 0.6, 0.4, 0.25, 0.15, 0.08, 0.03]) yield shrink(share);
  for (let kept = Math.floor(sections / 2); kept >= 1; kept = Math.floor(kept / 2)) {
    yield { ...shrink(0.03), sections: kept };
  }
}

function shrink(share: number): Limits {
  const scaled = (limit: number, least = 0) => Math.max(least, Math.floor(limit * share));
  return {
    sections: full.sections,
    metrics: scaled(full.metrics, 8),
    examples: scaled(full.examples),
    candidates: scaled(full.candidates),
    failures: scaled(full.failures, 1),
    diffLines: scaled(full.diffLines),
    text: scaled(full.text, 60),
  };
}
