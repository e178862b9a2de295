import { millisecondsOf } from '../config/duration.ts';
import { describeError, PromptlineError } from '../errors.ts';
import { feedbackOf, performanceDrops } from '../monitoring/due.ts';
import type { ScorebookEntry } from '../optimization/scorebook-schema.ts';
import { promptDigest } from '../prompts/version.ts';
import { driftReason, dropReason, feedbackReason, scheduleReason } from '../reports/monitoring/reasons.ts';
import { attempt } from './attempt.ts';
import type { Monitored } from './monitor.ts';
import { loadScorebook } from './scorebook-file.ts';
import {
  loadSplit,
  loadTask,
  type PromptTask,
  requireObjective,
  selectPromptFiles,
  type Workspace,
} from './workspace.ts';

/** Why a prompt is due. */
type ReasonKind =
  | 'asked for'
  | 'files changed'
  | 'performance drop'
  | 'feedback'
  | 'input shift'
  | 'model drift'
  | 'schedule';

type Reason = {
  readonly kind: ReasonKind;
  /** One line with its evidence. */
  readonly text: string;
  /** The same in numbers. */
  readonly evidence: Readonly<Record<string, unknown>>;
};

/** What is decided of one prompt. */
type Decision = {
  readonly id: string;
  readonly family: string;
  readonly isDue: boolean;
  readonly reasons: readonly Reason[];
  /** ISO 8601: until then what production says is not acted on; null where there is no cool-down. */
  readonly coolsUntil: string | null;
};

/** A family that is worth optimizing now. */
type Due = {
  readonly family: string;
  /** Its prompts that are due. */
  readonly ids: readonly string[];
  readonly reasons: readonly string[];
};

/** What is due, and why prompts could not be judged, a line each: one broken file keeps no other prompt from being optimized. */
export type Triggered = {
  readonly due: readonly Due[];
  /** Of every prompt that could be judged. */
  readonly decisions: readonly Decision[];
  readonly problems: readonly string[];
};

/** What is known beside the repository's files. */
export type Circumstances = {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Null without telemetry. */
  readonly monitored: Monitored | null;
  /** When the branch of a prompt's proposal was last written, milliseconds since 1970; null where there is none. */
  readonly proposedAt: (id: string) => Promise<number | null>;
};

/**
 * Decides which prompts are due for optimization: those that are asked for, whose wording, model or test data no scorebook entry speaks
 * of, for which production gives a reason, or whose time has come.
 */
export async function dueFamilies(
  workspace: Workspace,
  ids: readonly string[],
  circumstances: Circumstances,
): Promise<Triggered> {
  const problems: string[] = [];
  const decisions: Decision[] = [];
  for (const file of selectPromptFiles(workspace, ids)) {
    const loaded = attempt(() => {
      const task = loadTask(workspace, file);
      requireObjective(task);
      const test = loadSplit(workspace, task, 'test');
      return { task, test, entries: loadScorebook(workspace.root, task.prompt.id) };
    });
    if ('problem' in loaded) problems.push(loaded.problem);
    else if (ids.length > 0) decisions.push(askedFor(loaded.value.task));
    else decisions.push(await decide(workspace, loaded.value, circumstances));
  }
  const due = decisions.filter(({ isDue }) => isDue);
  const families = [...Map.groupBy(due, ({ family }) => family)].map(([family, members]) => ({
    family,
    ids: members.map(({ id }) => id),
    reasons: members.flatMap(({ id, reasons }) => reasons.map(({ text }) => `${id}: ${text}`)),
  }));
  return { due: families, decisions, problems };
}

type Loaded = {
  readonly task: PromptTask;
  readonly test: { readonly digest: string };
  readonly entries: readonly ScorebookEntry[];
};

function askedFor({ prompt: { id, family } }: PromptTask): Decision {
  const reasons = [{ kind: 'asked for', text: 'it was asked for', evidence: {} }] as const;
  return { id, family, isDue: true, reasons, coolsUntil: null };
}

async function decide(
  { configuration }: Workspace,
  { task, test, entries }: Loaded,
  { now, monitored, proposedAt }: Circumstances,
): Promise<Decision> {
  const { id, family } = task.prompt;
  const { cooldown, schedule } = configuration.triggers;
  const last = latestOf([...entries.map(({ date }) => Date.parse(date)), await proposedAt(id)]);
  const digest = promptDigest(task.prompt);
  const own = entries.filter((entry) => entry.digest === digest);
  const files = fileReason({ digest, data: test.digest }, own, entries.length > 0);
  const measuredAt = latestOf(own.map(({ date }) => Date.parse(date)));
  const production = monitored ? productionReasons(task, configuration, { monitored, measuredAt }) : [];
  const timed =
    schedule === 'never' || last === null ? null : scheduleReason(last, millisecondsOf(schedule), now);
  const coolsUntil = last === null ? null : last + millisecondsOf(cooldown);
  const isCooling = coolsUntil !== null && now < coolsUntil;
  const reasons = [...files, ...production, ...(timed ? [{ kind: 'schedule', ...timed } as const] : [])];
  return {
    id,
    family,
    isDue: files.length > 0 || (reasons.length > 0 && !isCooling),
    reasons,
    coolsUntil: isCooling ? new Date(coolsUntil).toISOString() : null,
  };
}

/** @param measuredAt the last day of the scorebook on which this wording was measured, milliseconds since 1970; null without any */
function productionReasons(
  { prompt }: PromptTask,
  { triggers, monitoring }: Workspace['configuration'],
  {
    monitored: { report, traffic },
    measuredAt,
  }: { readonly monitored: Monitored; readonly measuredAt: number | null },
): readonly Reason[] {
  const calls = traffic.get(prompt.id)?.calls ?? [];
  const { drop, confidence, feedback } = triggers;
  const { version } = prompt;
  const baseline = millisecondsOf(monitoring.baseline);
  const question = { version, drop, confidence, baseline, unit: monitoring.unit, now: report.at };
  const drops = performanceDrops(calls, question).map(
    (found) => ({ kind: 'performance drop', ...dropReason(found) }) as const,
  );
  const said = feedbackOf(calls, version);
  const isDisliked = said !== null && said.n >= feedback.items && said.mean < feedback.below;
  const wanted = { 'input shift': triggers.inputShift, 'model drift': triggers.modelDrift };
  const alerts = report.prompts.find((each) => each.prompt === prompt.id)?.alerts ?? [];
  // Drift fires until the new level is the usual one: a version that was made since then is the answer to it.
  const isNews = (firedAt: number | null) =>
    firedAt !== null && (measuredAt === null || firedAt > measuredAt);
  const drifts = alerts.flatMap((alert) =>
    alert.kind === 'drift' &&
    wanted[alert.drift] &&
    alert.standing.state === 'firing' &&
    isNews(alert.standing.firedAt)
      ? [{ kind: alert.drift, ...driftReason(alert) }]
      : [],
  );
  return [
    ...drops,
    ...(isDisliked ? [{ kind: 'feedback', ...feedbackReason(said, feedback) } as const] : []),
    ...drifts,
  ];
}

/** @param own entries of this wording */
function fileReason(
  evidence: { readonly digest: string; readonly data: string },
  own: readonly ScorebookEntry[],
  isKnown: boolean,
): readonly Reason[] {
  const { digest, data } = evidence;
  if (own.some(({ dataset }) => dataset.digest === data)) return [];
  const text =
    own.length > 0
      ? 'its test data changed since it was measured'
      : isKnown
        ? 'it changed since it was measured'
        : 'it was never optimized';
  return [{ kind: 'files changed', text, evidence: { digest, testData: data } }];
}

function latestOf(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** What telemetry says, or in words why it says nothing: without it the other reasons hold as they are. */
export async function monitoredOrNot(
  read: () => Promise<Monitored | null>,
): Promise<{ readonly monitored: Monitored | null; readonly problems: readonly string[] }> {
  try {
    return { monitored: await read(), problems: [] };
  } catch (error) {
    if (!(error instanceof PromptlineError)) throw error;
    return { monitored: null, problems: [`production was not looked at: ${describeError(error)}`] };
  }
}
