import { millisecondsOf } from '../config/duration.ts';
import { outsideError, PromptlineError } from '../errors.ts';
import type { Metric } from '../metrics/metric.ts';
import { isComposite } from '../models/composite/references.ts';
import { isEmbedded, openModel } from '../models/registry.ts';
import { type MonitoringReport, monitor, monitoredSince } from '../monitoring/monitor.ts';
import type { Price } from '../monitoring/observed-call.ts';
import { type MonitoredPrompt, type PromptTraffic, readTraffic } from '../monitoring/traffic.ts';
import { promptId } from '../prompts/load.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { createTally, type Irregularity } from '../telemetry/irregularities.ts';
import { type WholeCall, wholeCalls } from '../telemetry/join/whole-calls.ts';
import type { TelemetrySource } from '../telemetry/source.ts';
import type { Host } from './context.ts';
import { modelCache } from './session.ts';
import { sourcesOf } from './telemetry-sources.ts';
import { loadTask, type PromptTask, selectPromptFiles, type Workspace } from './workspace.ts';

/** What telemetry says of every prompt of the repository. */
export type Monitored = {
  readonly report: MonitoringReport;
  readonly traffic: ReadonlyMap<string, PromptTraffic>;
  /** What was wrong with records. */
  readonly irregularities: readonly Irregularity[];
  /** Prompts that do not load: they are monitored, and nothing of their texts is scored. */
  readonly problems: readonly PromptlineError[];
};

/** Who else is to know of calls, in the same reading. */
export type Listener = {
  /** Milliseconds since 1970: calls that ended before are not handed on. */
  readonly since: number;
  add(call: WholeCall): Promise<void>;
};

/**
 * Reads the telemetry of the repository and judges it. Null where no source is configured.
 *
 * All prompts are read, whichever are asked for: how sure an alert must be follows from how many there are. `timeLimit` is in
 * milliseconds. Irregularities are those of all that was read, for the listener too.
 * @throws {PromptlineError} where it takes longer than the limit
 */
export async function readMonitoring(
  { terminal, environment }: Pick<Host, 'terminal' | 'environment'>,
  workspace: Workspace,
  {
    timeLimit = Number.POSITIVE_INFINITY,
    listener = null,
  }: { readonly timeLimit?: number; readonly listener?: Listener | null } = {},
): Promise<Monitored | null> {
  const sources = sourcesOf(workspace, environment);
  if (sources.length === 0) return null;
  const { monitoring: configuration, telemetry } = workspace.configuration;
  const [now, joinWindow] = [terminal.now(), millisecondsOf(telemetry.joinWindow)];
  const tally = createTally();
  const since = monitoredSince({ configuration, now });
  const isOver = () => terminal.now() - now > timeLimit;
  const limited = sources.map((source) => withinTime(source, isOver));
  const calls = wholeCalls(limited, {
    since: Math.min(since, listener?.since ?? since),
    now,
    window: joinWindow,
    details: true,
    tally,
  });
  const { prompts, problems } = await monitoredPrompts(workspace, environment);
  const own = heardBy(listener, calls, since);
  const traffic = await readTraffic(own, prompts, { samples: configuration.samples });
  const report = monitor(traffic, { configuration, now, joinWindow });
  return { report, traffic, irregularities: tally.list(), problems };
}

/** A source that gives no more once the time is over, be there calls in what it has or not. */
function withinTime(source: TelemetrySource, isOver: () => boolean): TelemetrySource {
  return {
    name: source.name,
    async *read(after, options) {
      for await (const batch of source.read(after, options)) {
        if (isOver())
          throw outsideError(
            'reading telemetry takes longer than it may',
            'Raise `triggers.timeLimit`, shorten `monitoring.baseline`, or keep less telemetry',
          );
        yield batch;
      }
    },
  };
}

/** Calls of the time that is monitored; the listener hears those of its own time. */
async function* heardBy(
  listener: Listener | null,
  calls: AsyncIterable<WholeCall>,
  since: number,
): AsyncGenerator<WholeCall> {
  for await (const whole of calls) {
    if (listener && whole.call.at >= listener.since) await listener.add(whole);
    if (whole.call.at >= since) yield whole;
  }
}

async function monitoredPrompts(
  workspace: Workspace,
  environment: Host['environment'],
): Promise<{ readonly prompts: readonly MonitoredPrompt[]; readonly problems: readonly PromptlineError[] }> {
  const prompts: MonitoredPrompt[] = [];
  const problems: PromptlineError[] = [];
  for (const file of selectPromptFiles(workspace, [])) {
    const id = promptId(workspace.root, file);
    try {
      const task = loadTask(workspace, file);
      const scoring = { prompt: task.prompt, metrics: textMetrics(task) };
      prompts.push({ id, scoring, price: await priceOf(task.prompt, workspace, environment) });
    } catch (error) {
      if (!(error instanceof PromptlineError)) throw error;
      problems.push(error);
      prompts.push({ id, scoring: null, price: unknownPrice });
    }
  }
  return { prompts, problems };
}

/** Metrics that an answer has without a reference, by the name that rules use. */
const withoutReference: ReadonlySet<string> = new Set(['format_compliance', 'hallucination_rate']);

/** As the family measures them offline, with its options; the first of each. */
function textMetrics({ metrics, family }: PromptTask): readonly Metric[] {
  const found = new Map<string, Metric>();
  for (const { metric } of metrics) {
    const use = family.metrics[metric.name]?.use ?? metric.name;
    if (withoutReference.has(use) && !found.has(use)) found.set(use, { ...metric, name: use });
  }
  return [...found.values()];
}

const unknownPrice: Price = () => null;

/** The price of the model that the prompt names, for calls of a model of that name. */
async function priceOf(
  { model: reference }: Prompt,
  { root, configuration }: Workspace,
  environment: Host['environment'],
): Promise<Price> {
  if (isComposite(reference)) return unknownPrice;
  const { providers } = configuration;
  const context = {
    providers,
    environment,
    cache: modelCache(environment),
    repositoryRoot: root,
    unasked: true,
  };
  const name = reference.slice(reference.indexOf('/') + 1);
  if (isEmbedded(reference)) return (model) => (model === name ? 0 : null);
  try {
    const { usdOf } = await openModel(reference, context);
    return (model, inputTokens, outputTokens) => (model === name ? usdOf(inputTokens, outputTokens) : null);
  } catch (error) {
    if (!(error instanceof PromptlineError)) throw error;
    return unknownPrice;
  }
}
