import { inputError } from '../../errors.ts';
import type { CompletionRequest, Model } from '../model.ts';
import { sampled } from './ask.ts';
import { best } from './best.ts';
import type { CompositeConfig, Composites } from './composite-config.ts';
import { fallback } from './fallback.ts';
import { describeUnknown, findComposite } from './references.ts';
import { route } from './route.ts';
import { vote } from './vote.ts';

/** What can be said of a model without asking it. */
type Preview = Pick<Model, 'usdOf'> & {
  /** Null where that is not known. */
  stored(request: CompletionRequest): boolean | null;
  /** Null without a stored answer. */
  readonly meanOutputTokens: number | null;
};

/**
 * Opens a composite: several models that answer as one. It has no entry in the answer store and no call of its own in the budget;
 * its members have. `usdOf` tells what every request costs at least: what a stronger model, one in reserve or a judge adds depends
 * on the answers.
 * @param reference `composite/NAME`
 * @param open opens a member as a model of the run, the same one each time; whoever opens it closes it
 * @throws {PromptlineError} when there is no such composite, or a member cannot be opened
 */
export async function openComposite(
  reference: string,
  composites: Composites,
  open: (reference: string) => Promise<Model>,
): Promise<Model> {
  const config = requireComposite(reference, composites);
  const models = await Promise.all(config.models.map(open));
  const { complete, judge } = await combine(reference, config, models, open);
  const identity = { ...config, models: models.map((model) => model.identity), judge: judge?.identity };
  return {
    id: reference,
    identity: `${reference} ${JSON.stringify(identity)}`,
    // Members keep to their own limits, so that a slow one does not hold up what the others can do meanwhile.
    concurrency: Math.max(...models.map(({ concurrency }) => concurrency)),
    reusesPrefixes: models.some(({ reusesPrefixes }) => reusesPrefixes),
    usdOf: leastUsdOf(config, models),
    complete,
    close: async () => {},
  };
}

/**
 * What can be said of a composite without asking it, going by the calls that every request makes.
 * @param preview of a member
 */
export async function previewComposite(
  reference: string,
  composites: Composites,
  preview: (reference: string) => Promise<Preview>,
): Promise<Preview> {
  const config = requireComposite(reference, composites);
  const members = await Promise.all(alwaysAsked(config, config.models).map(preview));
  return {
    stored(request) {
      const found = members.flatMap(({ stored }) => requestsOf(config, request).map(stored));
      return found.includes(null) ? null : !found.includes(false);
    },
    usdOf: leastUsdOf(config, members),
    meanOutputTokens: mean(members.map(({ meanOutputTokens }) => meanOutputTokens)),
  };
}

function requireComposite(reference: string, composites: Composites): CompositeConfig {
  const config = findComposite(reference, composites);
  if (config) return config;
  throw inputError(
    describeUnknown(reference, composites),
    'Describe it in promptline.yaml, or name another model',
  );
}

async function combine(
  id: string,
  config: CompositeConfig,
  models: readonly Model[],
  open: (reference: string) => Promise<Model>,
): Promise<{ complete: Model['complete']; judge?: Model }> {
  switch (config.type) {
    case 'route':
      return { complete: route(models, config.until) };
    case 'fallback':
      return { complete: fallback(id, models) };
    case 'vote':
      return { complete: vote(models, config.samples) };
    case 'best': {
      const judge = await open(config.judge);
      return { complete: best(models, config.samples, judge), judge };
    }
  }
}

/** Of members, those that every request asks. */
function alwaysAsked<T>({ type }: CompositeConfig, members: readonly T[]): readonly T[] {
  return type === 'vote' || type === 'best' ? members : members.slice(0, 1);
}

/** What every request asks each of them. */
function requestsOf(config: CompositeConfig, request: CompletionRequest): CompletionRequest[] {
  if (config.type === 'route') return sampled(request, config.until.agreement ?? 1).slice(0, 1);
  return sampled(request, config.type === 'fallback' ? 1 : config.samples);
}

function leastUsdOf(config: CompositeConfig, members: readonly Pick<Model, 'usdOf'>[]): Model['usdOf'] {
  const times = config.type === 'vote' || config.type === 'best' ? config.samples : 1;
  return (inputTokens, outputTokens) =>
    alwaysAsked(config, members)
      .map((member) => member.usdOf(inputTokens, outputTokens))
      .reduce((sum, usd) => (sum === null || usd === null ? null : sum + times * usd), 0);
}

function mean(values: readonly (number | null)[]): number | null {
  return values.reduce(
    (sum, value) => (sum === null || value === null ? null : sum + value / values.length),
    0,
  );
}
