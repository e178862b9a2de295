import { spawn } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { addFeedback } from '../../../src/commands/feedback/add.ts';
import { destinationOf } from '../../../src/commands/feedback/destination.ts';
import { openOtlpFiles } from '../../../src/telemetry/otlp/files.ts';
import { openStore } from '../../../src/telemetry/store/read-store.ts';
import { scratchFolder } from '../../files/scratch.ts';
import { collect } from './collected.ts';

const WRITER = path.join(import.meta.dirname, 'evaluation-writer.ts');

function write(file: string, number: number): Promise<void> {
  const call = { responseId: `response ${number}`, traceId: null, spanId: null, prompt: null, version: null };
  const evaluation = { ...call, at: Date.now(), name: 'user_feedback', value: 1, label: null };
  return addFeedback(evaluation, destinationOf(file, '/'), {
    environment: {},
    signal: new AbortController().signal,
  });
}

/** What a writer of another process says, line by line. */
async function written(args: readonly (string | number)[], limits = ''): Promise<readonly string[]> {
  const words = [process.execPath, WRITER, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn('/bin/sh', ['-c', `${limits} exec ${words}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  return (await text(child.stdout)).trim().split('\n');
}

describe.each([
  ['a file of lines', 'feedback.jsonl', openOtlpFiles],
  ['a store', 'feedback.db', openStore],
])('%s', (_, name, open) => {
  it('takes several writers at once, new as it is, and loses nothing of any', async () => {
    const folder = scratchFolder();
    const start = Date.now() + 400;
    const file = path.join(folder, 'new', name);
    await Promise.all([0, 25].map((first) => written([file, first, 25, start])));
    const { signals, irregular } = await collect(open(folder, `new/${name}`), {}, { now: Date.now() + 1000 });
    const responses = signals.map((signal) => signal.kind === 'score' && signal.responseId);
    expect(irregular).toEqual([]);
    expect(responses.toSorted()).toEqual(Array.from({ length: 50 }, (_, n) => `response ${n}`).toSorted());
  });

  it('that fits no more is named, holds what was written, and goes on when it does', async () => {
    const folder = scratchFolder();
    const file = path.join(folder, name);
    // Blocks of 512 bytes: no file may grow above 64 kB.
    const output = [...(await written([file, 0, 2000], 'ulimit -f 128;'))];
    expect(output.pop()).toMatch(
      /cannot (grow|be written|be read or written).*run the same command again: nothing/,
    );
    expect(output.length).toBeGreaterThan(20);
    await write(file, 5000);
    const { signals } = await collect(open(folder, name), {}, { now: Date.now() + 1000 });
    const responses = signals.map((signal) => signal.kind === 'score' && signal.responseId);
    expect(responses).toEqual([...output, '5000'].map((n) => `response ${n}`));
  });
});

it('what a crash left of a line spoils no other', async () => {
  const folder = scratchFolder();
  const file = path.join(folder, 'feedback.jsonl');
  await write(file, 1);
  appendFileSync(file, readFileSync(file, 'utf8').slice(0, 100));
  await write(file, 2);
  const { signals, irregular } = await collect(
    openOtlpFiles(folder, 'feedback.jsonl'),
    {},
    { now: Date.now() },
  );
  expect(signals).toMatchObject([{ responseId: 'response 1' }, { responseId: 'response 2' }]);
  expect(irregular).toEqual([expect.stringMatching(/^1 malformed: feedback.jsonl/)]);
});
