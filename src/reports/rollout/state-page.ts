import { describeError, type PromptlineError } from '../../errors.ts';
import { alarmsOf } from '../../rollout/judge.ts';
import { nextPercent, type RolloutPlan, stepAt } from '../../rollout/plan.ts';
import type { Canary, LogEntry, RolloutState } from '../../rollout/state.ts';
import { summarise } from '../../rollout/summary.ts';
import { markdownText } from '../hostile.ts';
import { collapsible, list, table } from '../markdown/blocks.ts';
import { formatCount, formatMoment, noNumber, unbroken } from '../numbers.ts';
import { drawRollouts } from './drawing.ts';
import { evidenceBlocks } from './evidence-table.ts';

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
    ...drawRollouts(state, plan),
    ...(canary ? stepBlocks(state, canary, plan) : []),
    ...(quarantine.length > 0
      ? [
          `Not served again until their content changes or somebody clears them (\`promptline rollout clear\`): ${quarantine
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
      ? `**${markdownText(canary.release.version, 60)} goes to ${canary.percent} %** of users since ${formatMoment(canary.stepSince)}; ${everybody} to the others.`
      : `No rollout is under way; ${everybody}${stable ? ' to everybody' : ''}.`,
    ...(frozen
      ? [
          `**Frozen** by ${markdownText(frozen.by, 80)} since ${formatMoment(frozen.at)}: ${markdownText(frozen.reason, 300)}. Nothing is promoted; reverts go on.`,
        ]
      : []),
    ...(waiting ? [`${markdownText(waiting.version, 60)} waits for that.`] : []),
  ];
}

/** What the next step waits for, and what is known so far. */
function stepBlocks({ stable }: RolloutState, canary: Canary, plan: RolloutPlan): readonly string[] {
  const { decision, evidence, release, percent } = canary;
  const { control, canary: arrived } = evidence.arrivals;
  const known = decision?.evidence ?? summarise(canary, plan);
  const isKnown = Object.values(known.metrics).some(({ mean }) => mean !== null);
  const versions = { canary: release.version, stable: stable?.version ?? '' };
  return [
    ...(decision === null
      ? [
          beginningOf(canary, plan),
          ...(isKnown ? ['The evidence of the steps before goes on counting:'] : []),
        ]
      : [
          alarmsOf(decision).length > 0
            ? `**Held: somebody should look into this.** ${nextOf(canary, plan)} is not taken yet:`
            : `${nextOf(canary, plan)} is not taken yet:`,
          list(decision.reasons.map((reason) => markdownText(reason, 500))),
        ]),
    ...(isKnown ? evidenceBlocks(known, versions, plan) : []),
    ...(arrived + control > 0
      ? [
          `At ${percent} % so far, ${formatCount(arrived)} of ${formatCount(arrived + control)} new users got the new version.`,
        ]
      : []),
  ];
}

/** At the beginning of a step, before telemetry was read. */
function beginningOf(canary: Canary, plan: RolloutPlan): string {
  const { dwell = 0 } = stepAt(plan, canary.percent) ?? {};
  const earliest = new Date(Date.parse(canary.stepSince) + dwell).toISOString();
  return `${nextOf(canary, plan)} comes at ${formatMoment(earliest)} at the earliest. No telemetry of this step was read yet.`;
}

function nextOf({ percent }: Canary, plan: RolloutPlan): string {
  return `The next step, **${nextPercent(plan, percent) ?? 100} %**,`;
}

function historyBlock(log: readonly LogEntry[]): string {
  const older = Math.max(0, log.length - HISTORY);
  const rows = log
    .slice(older)
    .toReversed()
    .map(({ at, what, version, percent, by, reasons }) => [
      formatMoment(at),
      version === null ? noNumber : markdownText(version, 60),
      what,
      percent === null ? noNumber : unbroken(`${percent} %`),
      markdownText(by, 80),
      reasons.map((reason) => markdownText(reason, 400)).join('<br>'),
    ]);
  const columns = ['at', 'version', 'what', 'users', 'by', 'why'].map((name) => ({ name }));
  return collapsible('History, the newest first', [
    table(columns, rows),
    ...(older > 0 ? [`_${older} older entries are in the state file._`] : []),
  ]);
}
