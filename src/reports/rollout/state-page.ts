import { describeError, type PromptlineError } from '../../errors.ts';
import type { RolloutPlan } from '../../rollout/plan.ts';
import type { Canary, Decision, LogEntry, RolloutState } from '../../rollout/state.ts';
import { markdownText } from '../hostile.ts';
import { collapsible, list, table } from '../markdown/blocks.ts';
import { formatCount, noNumber } from '../numbers.ts';
import { drawRollouts } from './drawing.ts';
import { evidenceTable } from './evidence-table.ts';

/** Entries of a prompt's history on the page; its state file has up to 200. */
const HISTORY = 30;

/**
 * Where the rollouts of all prompts stand, as Markdown: what is served, the evidence, and how it came to this.
 * @param broken by prompt, what is wrong with states that cannot be read
 */
export function renderRolloutPage(
  states: readonly RolloutState[],
  plan: RolloutPlan,
  broken: ReadonlyMap<string, { readonly error: PromptlineError }> = new Map(),
): string {
  const warnings = [...broken].map(
    ([prompt, { error }]) =>
      `> [!CAUTION]\n> **${markdownText(prompt, 120)}** is neither watched nor changed, and served as before: its state cannot be read. ${markdownText(describeError(error), 600)}`,
  );
  const sections = states
    .toSorted((a, b) => (a.prompt < b.prompt ? -1 : 1))
    .map((state) => renderState(state, plan).join('\n\n'));
  const title = '# Rollouts';
  return `${[title, ...warnings, ...(sections.length > 0 ? sections : ['Nothing has been released yet.'])].join('\n\n')}\n`;
}

function renderState(state: RolloutState, plan: RolloutPlan): readonly string[] {
  const { prompt, canary, quarantine, log } = state;
  return [
    `## ${markdownText(prompt, 120)}`,
    list(standing(state)),
    ...(canary?.decision ? evidenceBlocks(canary, canary.decision, plan) : []),
    ...drawRollouts(state),
    ...(quarantine.length > 0
      ? [
          `Not served again until their content changes or somebody clears them: ${quarantine
            .map(
              ({ release, reason }) => `${markdownText(release.version, 60)} (${markdownText(reason, 300)})`,
            )
            .join(', ')}.`,
        ]
      : []),
    ...(log.length > 0 ? [historyBlock(log)] : []),
  ];
}

function standing({ stable, canary, waiting, frozen }: RolloutState): readonly string[] {
  const everybody = stable ? `${markdownText(stable.version, 60)} is served` : 'nothing is served';
  return [
    canary
      ? `**${markdownText(canary.release.version, 60)} goes to ${canary.percent} %** of users since ${canary.stepSince}; ${everybody} to the others.`
      : `No rollout is under way; ${everybody}${stable ? ' to everybody' : ''}.`,
    ...(frozen
      ? [
          `**Frozen** by ${markdownText(frozen.by, 80)} since ${frozen.at}: ${markdownText(frozen.reason, 300)}. Nothing is promoted; reverts go on.`,
        ]
      : []),
    ...(waiting ? [`${markdownText(waiting.version, 60)} waits for that.`] : []),
  ];
}

function evidenceBlocks(
  canary: Canary,
  { kind, reasons, evidence }: Decision,
  plan: RolloutPlan,
): readonly string[] {
  const { control, canary: arrived } = canary.evidence.arrivals;
  return [
    `Decision: **${kind}**.`,
    list(reasons.map((reason) => markdownText(reason, 500))),
    ...evidenceTable(evidence, plan),
    `At this step ${formatCount(arrived)} of ${formatCount(arrived + control)} new users were in the canary.`,
  ];
}

function historyBlock(log: readonly LogEntry[]): string {
  const older = Math.max(0, log.length - HISTORY);
  const rows = log
    .slice(older)
    .toReversed()
    .map(({ at, what, version, percent, by, reasons }) => [
      at,
      version === null ? noNumber : markdownText(version, 60),
      percent === null ? what : `${what}, ${percent} %`,
      markdownText(by, 80),
      markdownText(reasons.join('; '), 400),
    ]);
  const columns = ['at', 'version', 'what', 'by', 'why'].map((name) => ({ name }));
  return collapsible('History, the newest first', [
    table(columns, rows),
    ...(older > 0 ? [`_${older} older entries are in the state file._`] : []),
  ]);
}
