/**
 * A process of its own for tests of writing: `node evaluation-writer.ts FILE FIRST COUNT [START]` adds COUNT evaluations to a store or to
 * a file of lines, and prints the number of each that is written. It begins at the time START (Unix milliseconds). A failure is printed.
 */
import { writeSync } from 'node:fs';
import { addFeedback } from '../../../src/commands/feedback/add.ts';
import { destinationOf } from '../../../src/commands/feedback/destination.ts';
import { describeError } from '../../../src/errors.ts';

const [file = '', first = '0', count = '0', start = '0'] = process.argv.slice(2);
const host = { environment: {}, signal: new AbortController().signal };
while (Date.now() < Number(start));
try {
  for (let number = Number(first); number < Number(first) + Number(count); number += 1) {
    const call = {
      responseId: `response ${number}`,
      traceId: null,
      spanId: null,
      prompt: null,
      version: null,
    };
    const evaluation = { ...call, at: Date.now(), name: 'user_feedback', value: 1, label: 'x'.repeat(200) };
    await addFeedback(evaluation, destinationOf(file, '/'), host);
    writeSync(1, `${number}\n`);
  }
} catch (error) {
  writeSync(1, `${describeError(error)}\n`);
}
