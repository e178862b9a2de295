/**
 * `node fetch-loop.mjs ROWS PORT CONCURRENCY OUT`: the yardstick. What somebody would write by hand: reads the rows, asks with fetch
 * from a fixed number of workers, applies three checks and writes the results, one JSON object to a line. Plain JavaScript, so
 * that its start does not pay for the removal of types.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const [file, port, concurrency, out] = process.argv.slice(2);
const rows = readFileSync(file, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));
const results = new Array(rows.length);
let next = 0;

await Promise.all(Array.from({ length: Number(concurrency) }, work));
writeFileSync(out, `${results.map((result) => JSON.stringify(result)).join('\n')}\n`);

async function work() {
  while (next < rows.length) {
    const index = next++;
    results[index] = await measure(rows[index]);
  }
}

async function measure({ id, input, expected }) {
  const response = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'model', messages: [{ role: 'user', content: input.text }] }),
  });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const { choices } = await response.json();
  const output = choices[0].message.content;
  const scores = {
    exact_match: output === expected.text ? 1 : 0,
    format_compliance: output.trim() === '' ? 0 : 1,
    compression_ratio: Math.min(1, wordsIn(output) / wordsIn(input.text)),
  };
  return { example: id, output, scores };
}

function wordsIn(text) {
  return text.trim().split(/\s+/).length;
}
