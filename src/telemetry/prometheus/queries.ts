import type { CounterConfiguration, PrometheusConfiguration } from '../../config/prometheus.ts';
import { parseSelector, type Selector } from '../../config/selector.ts';
import type { Comparison } from '../join/join.ts';

/** The selectors by which a metric is counted, of both versions of a comparison. */
export type Selections = {
  readonly total: string;
  /** Calls that went well, or in their place the others. */
  readonly part: string;
  readonly partIs: 'good' | 'bad';
  /** Where it is counted by a bucket of a histogram. */
  readonly histogram: {
    /** The selector of all its buckets, and of the histogram itself where it has none. */
    readonly buckets: string;
    readonly itself: string;
    readonly atMost: number;
  } | null;
};

export function selectionsOf(
  counter: CounterConfiguration,
  { labels }: Pick<PrometheusConfiguration, 'labels'>,
  comparison: Comparison,
): Selections {
  const own = matchersOf(labels, comparison);
  const { total = '', good, bad = '', histogram, atMost } = counter;
  if (histogram !== undefined && atMost !== undefined) {
    const selector = selectorOf(histogram);
    const buckets = { ...selector, name: `${selector.name}_bucket` };
    // A whole bound is written as 2 by some and as 2.0 by others.
    const bound = `${escaped(String(atMost))}${Number.isInteger(atMost) ? '(\\.0)?' : ''}`;
    return {
      total: rendered(buckets, [...own, 'le="+Inf"']),
      part: rendered(buckets, [...own, `le=~${quoted(bound)}`]),
      partIs: 'good',
      histogram: { buckets: rendered(buckets, own), itself: rendered(selector, own), atMost },
    };
  }
  return {
    total: rendered(selectorOf(total), own),
    part: rendered(selectorOf(good ?? bad), own),
    partIs: good === undefined ? 'bad' : 'good',
    histogram: null,
  };
}

function matchersOf(
  { prompt, version, generation }: PrometheusConfiguration['labels'],
  comparison: Comparison,
): readonly string[] {
  const versions = [comparison.stable, comparison.canary].filter((each) => each !== '').map(escaped);
  return [
    `${prompt}=${quoted(comparison.prompt)}`,
    `${version}=~${quoted(versions.join('|'))}`,
    ...(comparison.generation === null ? [] : [`${generation}=~${quoted(`|${comparison.generation}`)}`]),
  ];
}

function selectorOf(text: string): Selector {
  return parseSelector(text) ?? { name: text, matchers: '' };
}

function rendered({ name, matchers }: Selector, more: readonly string[]): string {
  return `${name}{${[...(matchers === '' ? [] : [matchers]), ...more].join(',')}}`;
}

/** A text for a regular expression of RE2. */
function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** A text in PromQL, whose escapes are those of JSON and more. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
