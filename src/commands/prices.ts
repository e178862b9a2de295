import { inputError, PromptlineError } from '../errors.ts';
import { isEmbedded, openModel } from '../models/registry.ts';
import { isCost, planOf, type RolloutPlan } from '../rollout/plan.ts';
import type { Price, PriceOf } from '../telemetry/priced-calls.ts';
import type { Host } from './context.ts';
import { modelCache } from './session.ts';
import type { PromptTask, Workspace } from './workspace.ts';

type PriceHost = Pick<Host, 'environment'>;

/** Models that are looked up; telemetry may name as many as it likes. */
const MOST_MODELS = 100;

/** Prices as `evaluate` has them: of the configuration, else of Ax's list. No model is asked, and no key needed. */
export function openPrices({ environment }: PriceHost, workspace: Workspace): PriceOf {
  const { root, configuration } = workspace;
  const context = {
    providers: configuration.providers,
    environment,
    cache: modelCache(environment),
    repositoryRoot: root,
    unasked: true,
  };
  const known = new Map<string, Promise<Price | null>>();
  return (model) => {
    const price = known.get(model) ?? (known.size < MOST_MODELS ? lookUp(model) : null);
    if (price === null) return Promise.resolve(null);
    known.set(model, price);
    return price;
  };

  async function lookUp(reference: string): Promise<Price | null> {
    // Opening one would fetch its weights.
    if (isEmbedded(reference)) return () => 0;
    try {
      const { usdOf } = await openModel(reference, context);
      return usdOf(1, 1) === null ? null : (input, output) => usdOf(input, output) ?? 0;
    } catch (error) {
      if (!(error instanceof PromptlineError)) throw error;
      return null;
    }
  }
}

/** Prices where rollouts watch what calls cost, else null. */
export function watchedPrices(host: PriceHost, workspace: Workspace, plan: RolloutPlan): PriceOf | null {
  return plan.metrics.some(isCost) ? openPrices(host, workspace) : null;
}

/** Prompts whose rollouts could never be judged: they watch what calls cost, and the price of the model is not known. */
export async function missingPrices(
  host: PriceHost,
  workspace: Workspace,
  tasks: readonly PromptTask[],
): Promise<readonly PromptlineError[]> {
  const { rollout } = workspace.configuration;
  const priceOf = rollout ? watchedPrices(host, workspace, planOf(rollout)) : null;
  if (!priceOf) return [];
  const errors: PromptlineError[] = [];
  for (const { prompt } of tasks) {
    if ((await priceOf(prompt.model)) !== null) continue;
    const provider = prompt.model.slice(0, prompt.model.indexOf('/'));
    errors.push(
      inputError(
        `rollouts watch the cost, and the price of ${prompt.model} is not known`,
        `Give it in promptline.yaml as providers.${provider}.price, or take cost out of rollout.metrics`,
        { file: prompt.path },
      ),
    );
  }
  return errors;
}
