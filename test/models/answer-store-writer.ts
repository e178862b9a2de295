/**
 * A process of its own for the tests of the answer store: `node answer-store-writer.ts STORE FIRST COUNT
 * [SIZE] [START]` stores COUNT answers of SIZE characters and prints each number once `put` has resolved. It
 * begins at the time START (Unix milliseconds). A failure is printed and exits with 3.
 */
import { writeSync } from 'node:fs';
import { describeError } from '../../src/errors.ts';
import { answerKey, openAnswerStore } from '../../src/models/answer-store.ts';
import { completion, request } from './fake-model.ts';

const [path = '', first = '0', count = '0', size = '10', start = '0'] = process.argv.slice(2);
while (Date.now() < Number(start));
try {
  const store = openAnswerStore(path);
  for (let index = Number(first); index < Number(first) + Number(count); index += 1) {
    const key = answerKey('writer', request(String(index)));
    await store.put(key, completion({ text: `${index} `.padEnd(Number(size), 'x') }), 'writer');
    writeSync(1, `${index}\n`);
  }
  store.close();
} catch (error) {
  writeSync(1, `${describeError(error)}\n`);
  process.exitCode = 3;
}
