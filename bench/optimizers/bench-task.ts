import type { FamilyMetric } from '../../src/config/load.ts';
import type { Dataset } from '../../src/datasets/dataset.ts';
import type { Model } from '../../src/models/model.ts';
import type { Message, Prompt } from '../../src/prompts/prompt.ts';

/** A task of the comparison, drawn for one seed. */
export type BenchTask = {
  readonly prompt: Prompt;
  readonly splits: { readonly train: Dataset; readonly dev: Dataset; readonly test: Dataset };
  readonly metrics: readonly FamilyMetric[];
  readonly model: Model;
  readonly proposer: Model;
  /** The share of the test split that messages get right, in [0, 1]; no contestant sees it. */
  worth(messages: readonly Message[]): number;
  /** The worth of the best instruction there is, where it is known. */
  readonly oracle?: number;
};

/** Draws the task for a seed. */
export type TaskDraw = { readonly name: string; draw(seed: number): BenchTask };
