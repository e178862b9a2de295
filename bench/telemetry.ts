/**
 * How fast production's telemetry is read and joined, beside a plain reader of the same lines:
 *
 *   npm run bench:telemetry -- [--records 10000000] [--runs 3]
 *
 * Whole processes in turn, start-up included: `readline` and `JSON.parse` of each line, which joins nothing, and the source with the join
 * that `watch` uses. The files are written to a temporary folder, some 500 bytes a record (`telemetry/records.ts` says of what).
 * Prints medians, the ratio and the peaks of memory.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { began, type Shape, watched, writeRecords } from './telemetry/records.ts';

const { values: flags } = parseArgs({
  options: {
    records: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '3' },
    shape: { type: 'string', multiple: true, default: ['batches', 'single records', 'model calls alone'] },
  },
});
const [records, runs] = [Number(flags.records), Number(flags.runs)];
const lib = path.resolve(import.meta.dirname, '..', 'lib');
const comparison = { ...watched, generation: 2, since: began };
execFileSync('tsc', ['-p', 'tsconfig.build.json'], { cwd: path.dirname(lib), stdio: 'inherit' });
const folder = mkdtempSync(path.join(tmpdir(), 'promptline-bench-'));

type Measured = { readonly seconds: number; readonly megabytes: number; readonly processor: number };

try {
  console.log(
    '| lines | bytes | JSON.parse, records a second | promptline, records a second | ratio | by processor time | peak memory |',
  );
  console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: |');
  for (const shape of flags.shape) console.log(compare(shape as Shape));
  console.log(
    `\n${records.toLocaleString('en')} records, medians of ${runs} runs; ${availableParallelism()} cores, ${process.platform} ${process.arch}, Node ${process.version}.`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function compare(shape: Shape): string {
  const at = path.join(folder, 'telemetry');
  const written = writeRecords(at, records, shape);
  const files = readdirSync(at).map((file) => path.join(at, file));
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  const [plain, ours]: [Measured[], Measured[]] = [[], []];
  for (let run = 0; run < runs; run++) {
    plain.push(measure('plain-reader.mjs', files, { records: written.records }));
    ours.push(measure('our-reader.mjs', [lib, at, JSON.stringify(comparison)], { signals: written.signals }));
  }
  rmSync(at, { recursive: true });
  const rate = (measured: readonly Measured[], of: 'seconds' | 'processor') =>
    written.records / median(measured.map((each) => each[of]));
  const ratio = (of: 'seconds' | 'processor') => (rate(ours, of) / rate(plain, of)).toFixed(2);
  const shown = [
    shape,
    `${(bytes / 1e9).toFixed(1)} GB`,
    Math.round(rate(plain, 'seconds')).toLocaleString('en'),
    Math.round(rate(ours, 'seconds')).toLocaleString('en'),
    ratio('seconds'),
    ratio('processor'),
    `${Math.max(...ours.map(({ megabytes }) => megabytes)).toFixed(0)} MB`,
  ];
  return `| ${shown.join(' | ')} |`;
}

/** @param found what the script is to find: one that passes something over is fast for nothing */
function measure(script: string, args: readonly string[], found: Readonly<Record<string, number>>): Measured {
  const peaks = path.join(folder, 'peaks');
  mkdirSync(peaks);
  const recorder = path.join(import.meta.dirname, 'peers', 'record-peak.cjs');
  const [started, before] = [performance.now(), processorOfChildren()];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--require', recorder, path.join(import.meta.dirname, 'telemetry', script), ...args],
    { encoding: 'utf8', env: { ...process.env, PEAK_FOLDER: peaks } },
  );
  const seconds = (performance.now() - started) / 1000;
  const processor = processorOfChildren() - before;
  if (status !== 0) throw new Error(`${script} ended with ${status}\n${stderr.slice(-1000)}`);
  for (const [what, count] of Object.entries(found))
    if (JSON.parse(stdout)[what] !== count)
      throw new Error(`${script} found ${stdout}, not ${count} ${what}`);
  console.error(`${script}: ${seconds.toFixed(1)} s, ${stdout.trim()} ${stderr.trim()}`);
  const kibibytes = Math.max(
    ...readdirSync(peaks).map((file) => Number(readFileSync(path.join(peaks, file), 'utf8'))),
  );
  rmSync(peaks, { recursive: true });
  return { seconds, processor, megabytes: (kibibytes * 1024) / 1e6 };
}

/** Seconds of all that have ended: user and system, which Linux counts in hundredths. */
function processorOfChildren(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
