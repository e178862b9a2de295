import type { ExampleSource } from '../datasets/dataset.ts';
import { evaluateStream } from '../evaluation/evaluate.ts';
import type { OnProgress } from '../evaluation/progress.ts';
import type { ExampleResult, Scorecard } from '../evaluation/scorecard.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { createResultsFile, resultsPath } from '../reports/results-file.ts';
import type { Session } from './session.ts';
import type { PromptTask } from './workspace.ts';

/** A measured prompt: its scorecard, and the results a report shows with their outputs. */
export type Measured = {
  readonly card: Scorecard;
  readonly detailed: readonly ExampleResult[];
  /** From the first question to the last answer. */
  readonly elapsedMs: number;
};

export type MeasurePromptOptions = {
  readonly repeat: number;
  /** Folder for results. */
  readonly out: string;
  readonly side: 'head' | 'base';
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
  { repeat, out, side, onProgress, signal, now }: MeasurePromptOptions,
): Promise<Measured> {
  const model = await session.model(prompt.model);
  const file = createResultsFile(resultsPath(out, prompt.id, side));
  const label = side === 'base' ? `${prompt.id} before` : prompt.id;
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
    file.finish();
    return { card, detailed, elapsedMs: ended - started };
  } catch (error) {
    file.discard();
    throw error;
  }
}
