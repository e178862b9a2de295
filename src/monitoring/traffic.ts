import { createRandom } from '../statistics/random.ts';
import type { WholeCall } from '../telemetry/join/whole-calls.ts';
import { type ObservedCall, observe, type Price } from './observed-call.ts';
import { createSampledCalls, type SampledCalls } from './sampled-calls.ts';
import { createScoredTexts, type ScoredTexts, type TextScoring } from './scored-texts.ts';

/** A prompt that is monitored. */
export type MonitoredPrompt = {
  readonly id: string;
  /** Null where nothing of its texts can be scored. */
  readonly scoring: TextScoring | null;
  readonly price: Price;
};

/** What production did with one prompt. */
export type PromptTraffic = {
  /** In the order of their ends; of users that were kept, all. */
  readonly calls: readonly ObservedCall[];
  /** Of users that were kept: 1, 1/2, 1/4, ... */
  readonly share: number;
};

/** Calls that are kept in memory, of all prompts together: some 100 MB. */
const MOST_KEPT = 200_000;

/**
 * Reads calls to the end, in bounded memory.
 *
 * @param samples calls of a prompt in an hour whose texts are scored
 * @param most calls that are kept, of all prompts together
 */
export async function readTraffic(
  calls: AsyncIterable<WholeCall>,
  prompts: readonly MonitoredPrompt[],
  { samples, most = MOST_KEPT }: { readonly samples: number; readonly most?: number },
): Promise<ReadonlyMap<string, PromptTraffic>> {
  const each = Math.ceil(most / Math.max(1, prompts.length));
  const readers = new Map(prompts.map((prompt) => [prompt.id, openReader(prompt, samples, each)]));
  let nth = 0;
  for await (const whole of calls) {
    nth += 1;
    const reader = readers.get(whole.call.prompt ?? '');
    if (!reader) continue;
    const observed = observe(whole, nth, reader.price);
    reader.limitNames(observed.values);
    reader.sample.add(observed);
    if (whole.call.details) await reader.texts?.add(observed, whole.call.details);
  }
  for (const { texts } of readers.values()) await texts?.end();
  return new Map([...readers].map(([id, { sample }]) => [id, { calls: sample.list(), share: sample.share }]));
}

/** Metrics of a prompt: evaluations' names are whoever's, and each costs time. */
const MOST_METRICS = 50;

type Reader = {
  readonly price: Price;
  readonly sample: SampledCalls;
  readonly texts: ScoredTexts | null;
  /** Drops the metrics that come when there are as many as may be. */
  limitNames(values: Map<string, number>): void;
};

function openReader({ id, scoring, price }: MonitoredPrompt, samples: number, most: number): Reader {
  const random = createRandom(`texts of ${id}`);
  const names = new Set<string>();
  return {
    price,
    sample: createSampledCalls(most),
    texts: scoring && createScoredTexts(scoring, samples, random),
    limitNames(values) {
      for (const name of values.keys()) {
        if (names.size < MOST_METRICS) names.add(name);
        else if (!names.has(name)) values.delete(name);
      }
    },
  };
}
