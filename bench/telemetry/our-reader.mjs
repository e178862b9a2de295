/**
 * `node our-reader.mjs LIB FOLDER COMPARISON`: what `watch` does to find out who had which version and how it went: the source and the
 * join, look after look until nothing more is there. LIB is promptline compiled, so that no time goes into removing its types.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [lib, folder, comparison] = process.argv.slice(2);
const { openOtlpFiles } = await import(pathToFileURL(path.join(lib, 'telemetry/otlp/files.js')).href);
const { boundHeap } = await import(pathToFileURL(path.join(lib, 'telemetry/bounded-heap.js')).href);
const { openReader } = await import(pathToFileURL(path.join(lib, 'telemetry/reading.js')).href);

boundHeap();
const compared = JSON.parse(comparison);
const reader = openReader([openOtlpFiles(folder, '.')], compared, { window: 15 * 60_000, priceOf: null });
let [observations, signals, more] = [0, 0, true];
let cursor = {};
while (more) {
  const reading = await reader.read(cursor, compared.since + 365 * 86_400_000);
  observations += reading.observations.length;
  signals += reading.signals;
  ({ cursor, more } = reading);
  for (const { kind, count, example } of reading.irregularities)
    console.error(`${count} ${kind}, as ${example}`);
}
console.log(JSON.stringify({ observations, signals }));
