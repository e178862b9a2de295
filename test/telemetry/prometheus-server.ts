import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { prometheusSourceSchema } from '../../src/config/prometheus.ts';
import type { CounterReading, Cursor } from '../../src/rollout/observation.ts';
import { type CountBatch, noCounts } from '../../src/statistics/two-proportions.ts';
import type { Comparison } from '../../src/telemetry/join/join.ts';
import { openPrometheus } from '../../src/telemetry/prometheus/open.ts';
import { openReader } from '../../src/telemetry/reading.ts';
import { comparison, window } from './reading.ts';

const program = process.env['PROMETHEUS_PATH'] ?? '/usr/bin/prometheus';
const tool = path.join(path.dirname(program), 'promtool');

/** Whether Prometheus is installed; where it is not, what needs it is skipped and says so. */
export const isPresent = existsSync(program) && existsSync(tool);
export const absent = isPresent ? '' : ' (Prometheus not present, set PROMETHEUS_PATH)';
if (!isPresent)
  console.warn(`No Prometheus at ${program}: its source is not tested with it. Set PROMETHEUS_PATH.`);

export type PrometheusServer = { readonly url: string; stop(): Promise<void> };

/**
 * The real server on a free port, with a folder of its own.
 *
 * @param samples lines of OpenMetrics with their times, as {@link sampleLine} writes them
 * @param scrapes its `scrape_configs`
 * @param users by name, the bcrypt hash of the password that it asks for
 */
export async function startPrometheus({
  samples = [],
  scrapes = [],
  users = null,
}: {
  samples?: readonly string[];
  scrapes?: readonly object[];
  users?: Readonly<Record<string, string>> | null;
}): Promise<PrometheusServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'promptline prometheus '));
  const data = path.join(folder, 'data');
  const configuration = path.join(folder, 'prometheus.yml');
  writeFileSync(configuration, JSON.stringify({ scrape_configs: scrapes }));
  if (samples.length > 0) {
    const text = path.join(folder, 'samples.txt');
    writeFileSync(text, `${samples.join('\n')}\n# EOF\n`);
    execFileSync(tool, ['tsdb', 'create-blocks-from', 'openmetrics', text, data], { stdio: 'pipe' });
  }
  const web = path.join(folder, 'web.yml');
  writeFileSync(web, JSON.stringify(users === null ? {} : { basic_auth_users: users }));
  const options = [
    `--web.config.file=${web}`,
    '--storage.tsdb.retention.time=100y',
    '--web.listen-address=127.0.0.1:0',
  ];
  const server = spawn(
    program,
    [`--config.file=${configuration}`, `--storage.tsdb.path=${data}`, ...options],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = new Promise<void>((resolve) => server.on('exit', () => resolve()));
  const printed: string[] = [];
  let address: string | undefined;
  let isReady = false;
  // It says where it listens and that its data are open in either order.
  for await (const line of createInterface(server.stderr)) {
    printed.push(line);
    address ??= /msg="Listening on" address=(\S+)/.exec(line)?.[1];
    isReady ||= line.includes('Server is ready');
    if (address !== undefined && isReady) break;
  }
  if (address === undefined) throw new Error(`Prometheus did not start:\n${printed.join('\n')}`);
  server.stderr.resume();
  return {
    url: `http://${address}`,
    async stop() {
      server.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** @param at milliseconds since 1970 */
export function sampleLine(
  name: string,
  labels: Readonly<Record<string, string | number>>,
  value: number,
  at: number,
): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}=${JSON.stringify(String(text))}`);
  return `${name}{${pairs.join(',')}} ${value} ${(at / 1000).toFixed(3)}`;
}

/** A source as the configuration gives it, which waits `patience` milliseconds for an answer. */
export function sourceOf(
  url: string,
  metrics: object,
  more: object = {},
  environment: Readonly<Record<string, string>> = {},
  patience = 60_000,
) {
  const labels = { prompt: 'prompt', version: 'version' };
  const source = prometheusSourceSchema.parse({ type: 'prometheus', url, labels, metrics, ...more });
  return openPrometheus(source, environment, patience);
}

/** Reads in a process of its own: nothing but the cursor is kept. */
export function readCounted(
  counterSources: ReturnType<typeof sourceOf>,
  after: Cursor,
  now: number,
  compared: Comparison = comparison,
) {
  return openReader([], compared, { window, priceOf: null, counterSources }).read(after, now);
}

/** Both versions' calls of all readings together. */
export function sumOf(counters: readonly CounterReading[]): CountBatch {
  return counters.reduce<CountBatch>(
    (sum, { control, canary }) => ({
      control: {
        successes: sum.control.successes + control.successes,
        total: sum.control.total + control.total,
      },
      canary: {
        successes: sum.canary.successes + canary.successes,
        total: sum.canary.total + canary.total,
      },
    }),
    noCounts.seen,
  );
}
