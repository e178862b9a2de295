import type { Random } from '../../src/statistics/random.ts';
import type { Count } from '../../src/statistics/two-proportions.ts';
import { prompt } from '../rollout/fixtures.ts';
import { start } from './otlp-lines.ts';
import { sampleLine } from './prometheus-server.ts';

export const versions = ['1.0.0', '1.1.0'] as const;
type Version = (typeof versions)[number];

const counters = versions.flatMap((version) =>
  (['success', 'error'] as const).map((outcome) => ({ version, outcome })),
);

/**
 * Servers of an application that restart, come late, fall silent and are scraped now and then, as `calls_total` of one prompt. A counter
 * is there from its first call on, as client libraries do it.
 *
 * Beside the samples it says what each scrape shows: calls since the last scrape of that server, or since it began anew. The first
 * scrape of a server does not say when its calls were.
 */
export function scrapedApplication(random: Random, { scrapes, every }: { scrapes: number; every: number }) {
  const lines: string[] = [];
  const shown: { readonly at: number; readonly version: Version; readonly outcome: string; calls: number }[] =
    [];
  for (const instance of ['one', 'two', 'three']) {
    const standing = counters.map(() => 0);
    const last = counters.map(() => 0);
    const begins = instance === 'three' ? scrapes / 2 : 0;
    // No two servers are scraped at once.
    const shift = Math.floor(random.next() * every);
    let isKnown = false;
    for (let scrape = begins; scrape < scrapes; scrape++) {
      if (random.next() < 0.05) standing.fill(0);
      for (let calls = Math.floor(random.next() * 5); calls > 0; calls--) {
        const [version, failed] = [Number(random.next() < 0.3), Number(random.next() < 0.2)];
        const counter = 2 * version + failed;
        standing[counter] = (standing[counter] ?? 0) + 1;
      }
      if (instance === 'two' && scrape > scrapes / 3 && scrape < scrapes / 2) continue;
      const at = start - 10 * every + scrape * every + shift;
      for (const [index, { version, outcome }] of counters.entries()) {
        const [value = 0, before = 0] = [standing[index], last[index]];
        if (value === 0) continue;
        lines.push(
          sampleLine('calls_total', { job: 'application', prompt, instance, version, outcome }, value, at),
        );
        if (isKnown) shown.push({ at, version, outcome, calls: value >= before ? value - before : value });
        last[index] = value;
      }
      isKnown ||= standing.some((value) => value > 0);
    }
  }
  return {
    lines,
    /** Of the scrapes after one time, up to and with another. */
    calls(version: Version, from: number, until: number): Count {
      const between = shown.filter((each) => each.version === version && each.at > from && each.at <= until);
      const sum = (some: typeof shown) => some.reduce((total, { calls }) => total + calls, 0);
      return {
        successes: sum(between.filter(({ outcome }) => outcome === 'success')),
        total: sum(between),
      };
    },
  };
}

const every = 15_000;

/** A counter that stands at these values, scraped every 15 seconds from 15 seconds after the start on. */
export function counter(name: string, labels: Record<string, string | number>, values: readonly number[]) {
  const all = { job: 'job', instance: 'instance', prompt, ...labels };
  return values.map((value, index) => sampleLine(name, all, value, start + (index + 1) * every));
}

/** A steady 4 calls in 15 seconds with the new version and 36 with the other, of which so many go well. */
export function steady(name: string, goodOf10: Readonly<Record<string, number>>) {
  return versions.flatMap((version) => {
    const calls = version === '1.0.0' ? 36 : 4;
    // No more than 80 minutes.
    const scrapes = Array.from({ length: 320 }, (_, index) => index * calls);
    const good = goodOf10[version] ?? 0;
    return [
      ...counter(
        `${name}_total`,
        { version, outcome: 'success' },
        scrapes.map((n) => Math.floor((n * good) / 10)),
      ),
      ...counter(
        `${name}_total`,
        { version, outcome: 'error' },
        scrapes.map((n) => n - Math.floor((n * good) / 10)),
      ),
    ];
  });
}
