import type { FamilyMetric } from '../config/load.ts';
import type { OptimizeConfiguration } from '../config/schema.ts';
import type { Dataset } from '../datasets/dataset.ts';
import type { OnProgress } from '../evaluation/progress.ts';
import type { Budget } from '../models/budget.ts';
import type { Model } from '../models/model.ts';
import type { Prompt } from '../prompts/prompt.ts';
import type { Learnt } from './starts.ts';

/** A prompt to be optimized, with all that this takes. */
export type OptimizationInput = {
  readonly prompt: Prompt;
  readonly splits: { readonly train: Dataset; readonly dev: Dataset; readonly test: Dataset };
  readonly metrics: readonly FamilyMetric[];
  /** Behind the answer store and the budget. */
  readonly model: Model;
  /** Writes instructions and shows how to answer; behind the answer store and the budget. */
  readonly proposer?: Model | undefined;
  readonly budget: Budget;
  readonly settings: OptimizeConfiguration;
  readonly seed: number;
  /** What siblings and earlier versions were found to do well with. */
  readonly learnt?: readonly Learnt[];
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
};
