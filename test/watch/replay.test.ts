import { expect, it } from 'vitest';
import { openRecording } from '../../src/commands/watch/replay.ts';
import { createTally } from '../../src/telemetry/irregularities.ts';
import { openOtlpFiles } from '../../src/telemetry/otlp/files.ts';
import { scratchFolder } from '../files/scratch.ts';
import { callLine, start } from '../telemetry/otlp-lines.ts';
import { minutes } from '../telemetry/reading.ts';

const [quarter, day, year] = [15 * minutes, 24 * 60 * minutes, 365 * 24 * 60 * minutes];

/** When each call of a recording was heard, and how many looks that took. */
async function replayed(...times: readonly number[]) {
  const lines = times.map((at, id) => callLine({ at, id: id + 1, user: `${id}`, version: '1.0.0' }));
  const folder = scratchFolder({ 'calls.jsonl': lines.join('') });
  const recorded = openOtlpFiles(folder, 'calls.jsonl');
  const { source, clock } = await openRecording(recorded, quarter, new AbortController().signal);
  const options = { since: 0, window: quarter, warm: true, details: false, tally: createTally() };
  const heard: number[] = [];
  let cursor = {};
  let looks = 0;
  for (; !clock.isOver() && looks < 1000; looks += 1) {
    for await (const batch of source.read(cursor, { ...options, now: clock.now() })) {
      cursor = { ...cursor, ...batch.cursor };
      const calls = batch.signals.filter(({ kind }) => kind === 'call');
      heard.push(...calls.map(() => clock.now() - start));
    }
    await clock.sleep(quarter);
  }
  return { heard, looks };
}

it('a recording is heard by its own clock, look after look', async () => {
  const { heard, looks } = await replayed(0, 40 * minutes, 20 * 60 * minutes);
  expect(heard).toEqual([0, 3 * quarter, 20 * 60 * minutes]);
  expect(looks).toBe(20 * 4 + 1);
});

it.each([-50 * year, 3 * year])(
  'a call of a wrong clock is not waited for (%d ms from the others)',
  async (far) => {
    const times = [0, day + quarter].concat(far).toSorted((a, b) => a - b);
    const { heard, looks } = await replayed(...times);
    expect(heard).toEqual(times);
    expect(looks).toBeLessThan(300);
  },
);
