import type { RolloutPlan } from '../../rollout/plan.ts';
import { duration } from '../../rollout/reasons.ts';
import type { LogEntry, Release, RolloutState } from '../../rollout/state.ts';
import { markdownFence, markdownText, terminalText } from '../hostile.ts';
import { list } from '../markdown/blocks.ts';
import { formatMoment } from '../numbers.ts';
import { drawRollouts } from './drawing.ts';
import { evidenceBlocks } from './evidence-table.ts';

type Text = { readonly title: string; readonly body: string };

/** A step of a rollout, as the notes of its release. */
export function stepRecord(prompt: string, { what, version, percent, at, by, reasons }: LogEntry): Text {
  const users = percent === null ? '' : ` at ${percent} %`;
  const title = terminalText(`${prompt} ${version ?? ''}: ${what}${users}`, 200);
  const said = `${markdownText(title, 200)}, at ${formatMoment(at)}, by ${markdownText(by, 80)}.`;
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
      `> [!CAUTION]\n> **${markdownText(`${prompt} ${reverted.version}`, 160)} was reverted** at ${formatMoment(entry.at)} by ${markdownText(entry.by, 80)}${exposureOf(state, entry)}. ${served}.`,
      ...reasonsOf(entry.reasons),
      ...(entry.evidence
        ? evidenceBlocks(entry.evidence, { canary: reverted.version, stable: stable?.version ?? '' }, plan)
        : []),
      ...drawRollouts(state, plan),
      ...nextSteps(state, reverted),
    ].join('\n\n'),
  };
}

/** `, 12 min after it went to 10 % of users`; nothing where the log does not reach back that far. */
function exposureOf({ log }: RolloutState, { at, version }: LogEntry): string {
  const last = log.findLast(
    ({ what, version: of }) => of === version && ['started', 'promoted', 'finished'].includes(what),
  );
  if (!last || last.percent === null) return '';
  const since = duration(Date.parse(at) - Date.parse(last.at));
  return `, ${since} after it went to ${last.percent === 100 ? 'everybody' : `${last.percent} % of users`}`;
}

/** What a person does about a revert, in the order in which it comes up. */
function nextSteps({ prompt, stable }: RolloutState, { version, sha256 }: Release): readonly string[] {
  const clear = `promptline rollout clear ${shellWord(prompt)} --reverted ${shellWord(version)} --reason "why it was a false alarm"`;
  return [
    '**What to do now.** What users get has changed already; the rest is for the repository.',
    list([
      ...(stable
        ? [
            `Merge the pull request “${markdownText(restoreTitle(prompt, stable), 200)}”, where there is one: it brings the file back to what is served.`,
          ]
        : []),
      `Mend the text and merge it with a version above ${markdownText(version, 60)}. The text that was taken back is refused under any version.`,
      'If it was a false alarm, clear the text and release it again:',
    ]),
    markdownFence(clear, 'sh', 400),
    `The sha256 of what was taken back: \`${sha256}\``,
  ];
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
    title: restoreTitle(prompt, restored),
    body: [
      `${markdownText(reverted.version, 60)} was reverted at ${formatMoment(entry.at)}: users get ${markdownText(restored.version, 60)} again, and the file still holds what was taken back. This brings the file to what is served. Give the next attempt a version above ${markdownText(reverted.version, 60)}.`,
      ...reasonsOf(entry.reasons),
    ].join('\n\n'),
  };
}

/** Text for a command that people copy: what a shell could act on is gone. */
function shellWord(text: string): string {
  return text.replace(/[^\w./+-]/g, '_');
}

function restoreTitle(prompt: string, { version }: Release): string {
  return terminalText(`Restore ${prompt} ${version}`, 200);
}

function reasonsOf(reasons: readonly string[]): readonly string[] {
  return reasons.length === 0 ? [] : [list(reasons.map((reason) => markdownText(reason, 500)))];
}
