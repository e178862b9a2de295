import type { Cursor } from '../../src/rollout/observation.ts';
import type { Comparison } from '../../src/telemetry/join/join.ts';
import { openOtlpFiles } from '../../src/telemetry/otlp/files.ts';
import { openReader, type TelemetryReading } from '../../src/telemetry/reading.ts';
import { prompt } from '../rollout/fixtures.ts';
import { start } from './otlp-lines.ts';

export const minutes = 60_000;
export const window = 15 * minutes;

export const comparison: Comparison = {
  prompt,
  stable: '1.0.0',
  canary: '1.1.0',
  generation: 2,
  since: start,
};

/** Reads everything that is new, in a process of its own: nothing but the cursor is kept. */
export async function readAnew(folder: string, after: Cursor, at: number, path = 'telemetry') {
  const reader = openReader([openOtlpFiles(folder, path)], comparison, { window, priceOf: null });
  return reader.read(after, start + at);
}

/** What a reading found, in short: `canary success 1, latency 800`. */
export function described({ observations }: TelemetryReading): string[] {
  return observations.map(({ arm, values }) => {
    const shown = Object.entries(values).map(([name, value]) => `${name} ${value}`);
    return `${arm} ${shown.join(', ')}`;
  });
}

/** `2 malformed`, in the order found. */
export function counted({ irregularities }: TelemetryReading): string[] {
  return irregularities.map(({ kind, count }) => `${count} ${kind}`);
}
