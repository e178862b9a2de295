import { homedir } from 'node:os';
import path from 'node:path';
import { displayPath } from '../files/paths.ts';
import { makeFolder } from '../files/read-write.ts';
import type { MetricTools } from '../metrics/definition.ts';
import { type AnswerStore, answerKey, openAnswerStore, withStore } from '../models/answer-store.ts';
import { type Budget, type BudgetLimits, createBudget, withBudget } from '../models/budget.ts';
import { openComposite, previewComposite } from '../models/composite/composite.ts';
import { isComposite } from '../models/composite/references.ts';
import { withConcurrency } from '../models/concurrency.ts';
import { cacheFolder } from '../models/embedded/cache.ts';
import type { CompletionRequest, Model } from '../models/model.ts';
import { isEmbedded, type ModelContext, openModel } from '../models/registry.ts';
import { openCustomMetrics } from './custom-metrics/custom-metrics.ts';
import { embeddersOf } from './embedders.ts';
import { metricTools } from './metric-tools.ts';
import { showPull, type Terminal } from './terminal.ts';
import type { Workspace } from './workspace.ts';

export type SessionOptions = {
  readonly limits: BudgetLimits;
  readonly concurrency: number | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
};

/** What a command that asks models needs: each model once, behind the answer store and one budget. */
export type Session = {
  readonly budget: Budget;
  model(reference: string): Promise<Model>;
  /** For metrics: their judge is one of the session's models. */
  readonly tools: MetricTools;
  /** The same models and tools, each model asked through `wrap`: for a part of the run with limits of its own. */
  through(wrap: (model: Model) => Model): Pick<Session, 'model' | 'tools'>;
  /** What is known of a model without asking it; needs no key. */
  preview(reference: string): Promise<ModelPreview>;
  close(): Promise<void>;
};

type ModelPreview = {
  /** Whether an answer is in the store; null where that cannot be known without loading the model. */
  stored(request: CompletionRequest): boolean | null;
  /** US dollars; null when the price is not known. */
  usdOf: Model['usdOf'];
  /** Of the model's stored answers; null without one. */
  readonly meanOutputTokens: number | null;
};

const storeFile = path.join('.promptline', 'answers.sqlite');

export function openSession(workspace: Workspace, terminal: Terminal, options: SessionOptions): Session {
  const { root, configuration } = workspace;
  const budget = createBudget(options.limits, terminal.now);
  let store: AnswerStore | null = null;
  const models = new Map<string, Promise<Model>>();
  const context: ModelContext = {
    providers: configuration.providers,
    environment: options.environment,
    cache: modelCache(options.environment),
    repositoryRoot: root,
    concurrency: options.concurrency ?? configuration.concurrency,
    onProgress: showPull(terminal),
  };
  const answers = () => (store ??= openAnswerStore(path.join(root, storeFile)));
  const { composites } = configuration;
  const open = async (reference: string): Promise<Model> => {
    if (isComposite(reference)) return openComposite(reference, composites, model);
    const opened = await openModel(reference, context);
    return withConcurrency(withBudget(withStore(opened, answers()), budget));
  };
  const model = (reference: string): Promise<Model> => {
    const opened = models.get(reference) ?? open(reference);
    models.set(reference, opened);
    return opened;
  };
  const preview = async (reference: string): Promise<ModelPreview> => {
    if (isComposite(reference)) return previewComposite(reference, composites, preview);
    const meanOutputTokens = answers().meanOutputTokens(reference);
    // Loading the weights, even fetching them, would be more than a preview.
    if (isEmbedded(reference)) return { stored: () => null, usdOf: () => 0, meanOutputTokens };
    const opened = await openModel(reference, { ...context, unasked: true });
    const stored = (request: CompletionRequest) => answers().has(answerKey(opened.identity, request));
    return { stored, usdOf: opened.usdOf, meanOutputTokens };
  };
  const { judge } = configuration.models;
  const embedders = embeddersOf(
    { providers: configuration.providers, environment: options.environment },
    path.join(root, storeFile),
  );
  const customMetrics = openCustomMetrics(root);
  const toolsWith = (open: Session['model']) =>
    metricTools(
      root,
      judge === undefined ? null : () => open(judge),
      embedders.embedder,
      customMetrics.runCustom,
    );
  return {
    budget,
    model,
    tools: toolsWith(model),
    through(wrap) {
      const wrapped = async (reference: string) => wrap(await model(reference));
      return { model: wrapped, tools: toolsWith(wrapped) };
    },
    preview,
    async close() {
      await customMetrics.close();
      const opened = await Promise.allSettled(models.values());
      for (const result of opened) if (result.status === 'fulfilled') await result.value.close();
      embedders.close();
      store?.close();
    },
  };
}

/** Where this machine keeps embedded models. */
export function modelCache(environment: SessionOptions['environment']): string {
  return cacheFolder({ environment, platform: process.platform, home: homedir() });
}

/**
 * The folder for results: the one asked for, or a new one named by command and time. One that is asked for and cannot be made is known
 * before anything is paid.
 */
export function outputFolder(
  root: string,
  { out, command, now }: { out: string | undefined; command: string; now: number },
): string {
  if (out !== undefined) {
    const folder = path.resolve(out);
    makeFolder(folder);
    return folder;
  }
  const stamp = new Date(now).toISOString().replace(/[:.]/g, '-');
  return path.join(root, '.promptline', 'runs', `${command}-${stamp}`);
}

/** A path for people, from where they stand. */
export function shownFromHere(file: string): string {
  return displayPath(process.cwd(), file);
}
