import type { Usage } from '../evaluation/scorecard.ts';
import { countOf, formatCount, formatDollars, formatDuration, formatValue } from './numbers.ts';
import type { Section } from './sections.ts';

/** A number with what it is; both raw, the name may be a metric's. */
export type Fact = { readonly name: string; readonly value: string };

/** What a section's numbers cost in calls, tokens, money and time. */
export function costFacts({
  usage,
  metricUsage,
  elapsedMs,
  latencyMs,
  distributions,
}: Section): readonly Fact[] {
  const facts = [
    ...usageFacts(usage),
    ...memberFacts(usage),
    { name: 'Retries', value: formatCount(usage.retries) },
  ];
  if (metricUsage.calls > 0) {
    const asked = usageFacts(metricUsage).map(({ name, value }) => ({ name: `${name} by metrics`, value }));
    facts.push(...asked);
  }
  if (elapsedMs !== null) facts.push({ name: 'Time', value: formatDuration(elapsedMs) });
  if (latencyMs) facts.push({ name: 'Latency', value: describeSpread({ ...latencyMs, unit: 'ms' }) });
  for (const { name, unit, median, p95 } of distributions) {
    if (unit !== 'ms')
      facts.push({ name: `${name} of a call`, value: describeSpread({ median, p95, unit }) });
  }
  return facts;
}

/** `802 ms median, 1.23 s 95th percentile`. */
export function describeSpread({
  median,
  p95,
  unit,
}: Pick<Section['distributions'][number], 'median' | 'p95' | 'unit'>): string {
  return `${formatValue(median, unit)} median, ${formatValue(p95, unit)} 95th percentile`;
}

/** Failures with the same error, most frequent first. */
export function groupFailures(
  failures: Section['failures'],
): readonly { readonly error: string; readonly examples: readonly string[] }[] {
  const groups = Map.groupBy(failures, ({ error }) => error);
  return [...groups]
    .map(([error, members]) => ({ error, examples: [...new Set(members.map(({ example }) => example))] }))
    .sort((a, b) => b.examples.length - a.examples.length);
}

/** `3 examples` of a group, for a heading. */
export function describeGroup(examples: readonly string[]): string {
  return countOf(examples.length, 'example');
}

/** Of several models that answer as one: how often each was asked, and what it cost. */
function memberFacts({ members = {} }: Usage): readonly Fact[] {
  return Object.entries(members).map(([name, { calls, usd }]) => ({
    name,
    value: `${countOf(calls, 'call')}, ${formatDollars(usd)}`,
  }));
}

function usageFacts({ calls, cached, inputTokens, outputTokens, usd }: Usage): readonly Fact[] {
  return [
    { name: 'Calls', value: `${formatCount(calls)}, ${formatCount(cached)} from the answer store` },
    { name: 'Tokens', value: `${formatCount(inputTokens)} in, ${formatCount(outputTokens)} out` },
    { name: 'Cost', value: formatDollars(usd) },
  ];
}
