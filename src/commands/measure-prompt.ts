import type { FamilyMetric } from '../config/load.ts';
import type { ExampleSource } from '../datasets/dataset.ts';
import { evaluateStream, requireAnswers } from '../evaluation/evaluate.ts';
import type { OnProgress } from '../evaluation/progress.ts';
import type { ExampleResult, Scorecard } from '../evaluation/scorecard.ts';
import type { Calibration } from '../metrics/metric.ts';
import { addUsage } from '../models/usage.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { createResultsFile, resultsPath } from '../reports/results-file.ts';
import type { PromptReport } from '../reports/run-report.ts';
import type { Session } from './session.ts';
import type { PromptTask } from './workspace.ts';

/** A measured prompt: its scorecard, and the results a report shows with their outputs. */
export type Measured = {
  readonly card: Scorecard;
  readonly detailed: readonly ExampleResult[];
  /** From the first question to the last answer. */
  readonly elapsedMs: number;
  /** How far its judges agree with people, by metric; where labelled rows are configured. */
  readonly calibrations?: NonNullable<PromptReport['calibrations']>;
};

export type MeasurePromptOptions = {
  readonly repeat: number;
  /** Folder for results. */
  readonly out: string;
  readonly side: 'head' | 'base';
  /** What progress and the results' file call it; its id where nothing else is said. */
  readonly name?: string;
  /** A part of the examples may be without any answer: the whole is judged when the parts are joined. */
  readonly isPart: boolean;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
  /** Milliseconds. */
  readonly now: () => number;
};

/**
 * Measures a prompt on a source, writing each result to its file. `prompt` is the task's own or an earlier version of it, measured
 * by the same metrics.
 */
export async function measurePrompt(
  session: Session,
  { metrics }: PromptTask,
  prompt: Prompt,
  source: ExampleSource,
  { repeat, out, side, name = prompt.id, isPart, onProgress, signal, now }: MeasurePromptOptions,
): Promise<Measured> {
  const model = await session.model(prompt.model);
  const file = createResultsFile(resultsPath(out, name, side));
  const label = side === 'base' ? `${name} before` : name;
  const started = now();
  let ended = started;
  try {
    const { card, detailed } = await evaluateStream(
      prompt,
      source,
      { model, metrics, repeats: repeat, label, onProgress, signal },
      (measurement) => {
        file.add(measurement);
        ended = now();
      },
    );
    if (!isPart) requireAnswers(card);
    file.finish();
    const measured = { card, detailed, elapsedMs: ended - started };
    return side === 'head' && !isPart ? await calibrated(measured, metrics, signal) : measured;
  } catch (error) {
    file.discard();
    throw error;
  }
}

/** Asks the judges about the rows that people labelled; what that takes is usage of the metrics. */
async function calibrated(
  measured: Measured,
  metrics: readonly FamilyMetric[],
  signal: AbortSignal,
): Promise<Measured> {
  const calibrations: Record<string, Omit<Calibration, 'usage'>> = {};
  let { metricUsage } = measured.card;
  for (const { metric } of metrics) {
    const calibration = await metric.calibrate?.(signal);
    if (!calibration) continue;
    const { usage, ...agreement } = calibration;
    calibrations[metric.name] = agreement;
    metricUsage = addUsage(metricUsage, usage);
  }
  if (Object.keys(calibrations).length === 0) return measured;
  return { ...measured, card: { ...measured.card, metricUsage }, calibrations };
}
