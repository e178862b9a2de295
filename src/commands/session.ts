import { homedir } from 'node:os';
import path from 'node:path';
import { displayPath } from '../files/paths.ts';
import { makeFolder } from '../files/read-write.ts';
import type { MetricTools } from '../metrics/definition.ts';
import { type AnswerStore, openAnswerStore, withStore } from '../models/answer-store.ts';
import { type Budget, type BudgetLimits, createBudget, withBudget } from '../models/budget.ts';
import { cacheFolder } from '../models/embedded/cache.ts';
import type { Model } from '../models/model.ts';
import { openModel } from '../models/registry.ts';
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
  close(): Promise<void>;
};

const storeFile = path.join('.promptline', 'answers.sqlite');

export function openSession(workspace: Workspace, terminal: Terminal, options: SessionOptions): Session {
  const { root, configuration } = workspace;
  const budget = createBudget(options.limits, terminal.now);
  let store: AnswerStore | null = null;
  const models = new Map<string, Promise<Model>>();
  const open = async (reference: string): Promise<Model> => {
    const model = await openModel(reference, {
      providers: configuration.providers,
      environment: options.environment,
      cache: modelCache(options.environment),
      repositoryRoot: root,
      concurrency: options.concurrency ?? configuration.concurrency,
      onProgress: showPull(terminal),
    });
    store ??= openAnswerStore(path.join(root, storeFile));
    return withBudget(withStore(model, store), budget);
  };
  const model = (reference: string): Promise<Model> => {
    const opened = models.get(reference) ?? open(reference);
    models.set(reference, opened);
    return opened;
  };
  const { judge } = configuration.models;
  return {
    budget,
    model,
    tools: metricTools(root, judge === undefined ? null : () => model(judge)),
    async close() {
      const opened = await Promise.allSettled(models.values());
      for (const result of opened) if (result.status === 'fulfilled') await result.value.close();
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
