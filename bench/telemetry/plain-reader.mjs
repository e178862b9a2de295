/**
 * `node plain-reader.mjs FILE...`: the yardstick. What somebody would write by hand: each line by readline, parsed whole by JSON.parse, and
 * its records counted. It joins nothing.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

let records = 0;
for (const file of process.argv.slice(2)) {
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    const { resourceSpans = [], resourceLogs = [] } = JSON.parse(line);
    for (const { scopeSpans } of resourceSpans) for (const { spans } of scopeSpans) records += spans.length;
    for (const { scopeLogs } of resourceLogs)
      for (const { logRecords } of scopeLogs) records += logRecords.length;
  }
}
console.log(JSON.stringify({ records }));
