import { countOf, formatCount, formatDollars, formatDuration } from './numbers.ts';
import type { Section } from './sections.ts';

export type Fact = { readonly name: string; readonly value: string };

/** What a section's numbers cost in calls, tokens, money and time. */
export function costFacts({ usage, elapsedMs, latencyMs }: Section): readonly Fact[] {
  const facts: Fact[] = [
    {
      name: 'Calls',
      value: `${formatCount(usage.calls)}, ${formatCount(usage.cached)} from the answer store`,
    },
    { name: 'Tokens', value: `${formatCount(usage.inputTokens)} in, ${formatCount(usage.outputTokens)} out` },
    { name: 'Cost', value: formatDollars(usage.usd) },
    { name: 'Retries', value: formatCount(usage.retries) },
  ];
  if (elapsedMs !== null) facts.push({ name: 'Time', value: formatDuration(elapsedMs) });
  if (latencyMs) {
    const { median, p95 } = latencyMs;
    facts.push({
      name: 'Latency',
      value: `${formatDuration(median)} median, ${formatDuration(p95)} 95th percentile`,
    });
  }
  return facts;
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
