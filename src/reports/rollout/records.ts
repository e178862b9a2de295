import type { RolloutPlan } from '../../rollout/plan.ts';
import type { LogEntry, Release, RolloutState } from '../../rollout/state.ts';
import { markdownText, terminalText } from '../hostile.ts';
import { list } from '../markdown/blocks.ts';
import { drawRollouts } from './drawing.ts';
import { evidenceTable } from './evidence-table.ts';

type Text = { readonly title: string; readonly body: string };

/** A step of a rollout, as the notes of its release. */
export function stepRecord(prompt: string, { what, version, percent, at, by, reasons }: LogEntry): Text {
  const users = percent === null ? '' : ` at ${percent} %`;
  const title = terminalText(`${prompt} ${version ?? ''}: ${what}${users}`, 200);
  const said = `${markdownText(title, 200)}, at ${at}, by ${markdownText(by, 80)}.`;
  return { title, body: [said, ...reasonsOf(reasons)].join('\n\n') };
}

/** A revert, as an issue: why, on what evidence, and what to do about it. */
export function revertIssue(
  state: RolloutState,
  { reverted, entry }: { readonly reverted: Release; readonly entry: LogEntry },
  plan: RolloutPlan,
): Text {
  const { prompt, stable } = state;
  const served = stable
    ? `**${markdownText(stable.version, 60)}** is served to everybody again`
    : 'Nothing is served';
  return {
    title: terminalText(`${prompt} ${reverted.version} was reverted`, 200),
    body: [
      `> [!CAUTION]\n> **${markdownText(`${prompt} ${reverted.version}`, 160)} was reverted** at ${entry.at} by ${markdownText(entry.by, 80)}. ${served}.`,
      ...reasonsOf(entry.reasons),
      ...(entry.evidence ? evidenceTable(entry.evidence, plan) : []),
      ...drawRollouts(state),
      `This content is not served again, under any version, until it changes or somebody clears it: \`promptline rollout clear\`. Its sha256 is \`${reverted.sha256}\`.`,
    ].join('\n\n'),
  };
}

/** The pull request that brings the file back to what is served. */
export function restorePullRequest(
  prompt: string,
  {
    reverted,
    restored,
    entry,
  }: { readonly reverted: Release; readonly restored: Release; readonly entry: LogEntry },
): Text {
  return {
    title: terminalText(`Restore ${prompt} ${restored.version}`, 200),
    body: [
      `${markdownText(reverted.version, 60)} was reverted at ${entry.at}: users get ${markdownText(restored.version, 60)} again, and the file still holds what was taken back. This brings the file to what is served. Give the next attempt a version above ${markdownText(reverted.version, 60)}.`,
      ...reasonsOf(entry.reasons),
    ].join('\n\n'),
  };
}

function reasonsOf(reasons: readonly string[]): readonly string[] {
  return reasons.length === 0 ? [] : [list(reasons.map((reason) => markdownText(reason, 500)))];
}
