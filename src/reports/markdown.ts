import type { Tone } from './headline.ts';
import { markdownFence, markdownText } from './hostile.ts';
import { capped, collapsible, type Limits, list } from './markdown/blocks.ts';
import { renderSection, verdictBlocks } from './markdown/section.ts';
import { headlineOfRun, type RunHeadline } from './run-headline.ts';
import type { RunReport } from './run-report.ts';
import { type Pin, pinsOf, type Section, sectionsOf } from './sections.ts';

/** Characters of a report; GitHub refuses a comment beyond 65,536 and the command adds its own lines. */
export const markdownLimit = 60_000;
/** Characters of a report as a job's summary, of which GitHub takes a mebibyte; a UTF-16 unit is at most three bytes. */
export const summaryLimit = 340_000;

const full: Limits = {
  sections: 200,
  notes: 10,
  metrics: 60,
  examples: 40,
  slices: 20,
  flaky: 20,
  candidates: 40,
  failures: 40,
  diffLines: 400,
  pins: 100,
  text: 200,
};

/** The verdict and how to repeat it remain. */
const least: Limits = {
  sections: 0,
  notes: 3,
  metrics: 0,
  examples: 0,
  slices: 0,
  flaky: 0,
  candidates: 0,
  failures: 0,
  diffLines: 0,
  pins: 2,
  text: 0,
};

const alerts: Readonly<Record<Tone, string>> = {
  good: 'TIP',
  bad: 'CAUTION',
  neutral: 'NOTE',
  doubt: 'WARNING',
};

/** What stands around the prompts' parts. */
type Frame = {
  readonly report: RunReport;
  readonly headline: RunHeadline;
  readonly pins: readonly Pin[];
};

/**
 * A report as GitHub Markdown, at most `limit` characters, by default what a comment takes: a verdict, then each prompt's metrics and details.
 * Too long a report gets shorter lists that say what they leave out.
 */
export function renderMarkdown(report: RunReport, limit = markdownLimit): string {
  const sections = sectionsOf(report);
  const pins = pinsOf(report, sections);
  const frame = { report, headline: headlineOfRun(report, sections), pins };
  for (const limits of shrinkingLimits(sections.length)) {
    const parts = sectionParts(sections, limits, limit);
    const text = parts && withFrame(frame, parts, limits);
    if (text !== null && text.length <= limit) return text;
  }
  return withFrame(frame, leftOutOf(sections, least), least);
}

/** The prompts' parts; null as soon as they are too long. */
function sectionParts(
  sections: readonly Section[],
  limits: Limits,
  longest: number,
): readonly string[] | null {
  const parts: string[] = [];
  let length = 0;
  for (const section of sections.slice(0, limits.sections)) {
    const part = [
      `### ${markdownText(section.id, 120)} ${markdownText(section.versions, 80)}`,
      ...(sections.length > 1 ? verdictBlocks(section.headline, limits) : []),
      ...renderSection(section, limits),
    ].join('\n\n');
    parts.push(part);
    length += part.length;
    if (length > longest) return null;
  }
  return [...parts, ...leftOutOf(sections, limits)];
}

function leftOutOf(sections: readonly Section[], limits: Limits): readonly string[] {
  return capped(sections, limits.sections, 'prompts').leftOut;
}

function withFrame({ report, headline, pins }: Frame, parts: readonly string[], limits: Limits): string {
  const verdict = verdictBlocks(headline, limits).join('\n\n').replace(/^/gm, '> ');
  const alert = `> [!${alerts[headline.tone]}]\n${verdict}`;
  return `${[alert, ...parts, repeatBlock(report.command, pins, limits)].join('\n\n')}\n`;
}

function repeatBlock(command: string, pins: readonly Pin[], limits: Limits): string {
  const { shown, leftOut } = capped(pins, limits.pins, 'digests');
  const entries = shown.map(({ name, value }) => `${markdownText(name, 200)}: ${markdownText(value, 100)}`);
  return collapsible('How to repeat it', [markdownFence(command, 'sh', 2_000), list(entries), ...leftOut]);
}

/** Lists shrink first, whole prompts go last. */
function* shrinkingLimits(sections: number): Generator<Limits> {
  for (const share of [1, 0.6, 0.4, 0.25, 0.15, 0.08, 0.03]) yield shrink(share);
  for (let kept = Math.floor(sections / 2); kept >= 1; kept = Math.floor(kept / 2)) {
    yield { ...shrink(0.03), sections: kept };
  }
}

function shrink(share: number): Limits {
  const scaled = (limit: number, atLeast = 0) => Math.max(atLeast, Math.floor(limit * share));
  return {
    sections: full.sections,
    notes: scaled(full.notes, 3),
    metrics: scaled(full.metrics, 8),
    examples: scaled(full.examples),
    slices: scaled(full.slices, 3),
    flaky: scaled(full.flaky),
    candidates: scaled(full.candidates),
    failures: scaled(full.failures, 1),
    diffLines: scaled(full.diffLines),
    pins: scaled(full.pins, 8),
    text: scaled(full.text, 60),
  };
}
