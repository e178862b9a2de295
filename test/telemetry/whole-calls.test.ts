import { describe, expect, it } from 'vitest';
import { targetingKeyOf } from '../../src/rollout/assign.ts';
import { createTally } from '../../src/telemetry/irregularities.ts';
import { type WholeCall, wholeCalls } from '../../src/telemetry/join/whole-calls.ts';
import { openOtlpFiles } from '../../src/telemetry/otlp/files.ts';
import { scratchFolder } from '../files/scratch.ts';
import { assignment, callLine, logsLine, score, span, spanIds, spansLine, start } from './otlp-lines.ts';
import { minutes, window } from './reading.ts';

async function readLines(lines: readonly string[], { since = 0, details = false, waited = window } = {}) {
  const folder = scratchFolder({ 'telemetry/data.json': lines.join('') });
  const tally = createTally();
  const request = { since: start + since, now: start + 60 * minutes, window: waited, details, tally };
  const calls: WholeCall[] = [];
  for await (const call of wholeCalls([openOtlpFiles(folder, 'telemetry')], request)) calls.push(call);
  const irregularities = tally.list();
  return { calls, irregularities, counted: irregularities.map(({ kind, count }) => `${count} ${kind}`) };
}

const call = { at: 1000, user: 'ada', version: '1.1.0' };

describe('a call of production', () => {
  it.each(['before', 'after'])('has its user and its scores, which come %s it', async (order) => {
    const own = spanIds();
    const rest = logsLine(assignment(call, own), score({ at: 1500, name: 'grounded', value: 0.5 }, own));
    const spans = spansLine(span(call, own));
    const { calls, counted } = await readLines(order === 'before' ? [rest, spans] : [spans, rest]);
    expect(calls).toMatchObject([{ user: targetingKeyOf('ada'), call: { version: '1.1.0', details: null } }]);
    expect(calls.map(({ scores }) => Object.fromEntries(scores))).toEqual([{ grounded: 0.5 }]);
    expect(counted).toEqual([]);
  });

  it('of this very moment, or of a clock that is ahead, comes although nothing is waited for', async () => {
    const lines = [60 * minutes, 61 * minutes].map((at) => callLine({ ...call, at }));
    const { calls } = await readLines(lines, { waited: 0 });
    expect(calls.map(({ call: { at } }) => at - start)).toEqual([60 * minutes, 61 * minutes]);
  });

  it('comes once, whoever made it, and not from before the time asked for', async () => {
    const own = spanIds();
    const line = spansLine(span(call, own));
    const old = callLine({ ...call, at: -40 * minutes });
    const { calls, counted, irregularities } = await readLines([
      old,
      line,
      line,
      callLine({ ...call, at: 40 * minutes }),
      line,
    ]);
    expect(calls.map(({ user, call: { at } }) => [user, at - start])).toEqual([
      [null, 1000],
      [targetingKeyOf('ada'), 40 * minutes],
    ]);
    // Whether the last one is the same again is forgotten by then.
    expect(counted).toEqual(['1 duplicate', '1 late']);
    // What to do about it.
    expect(irregularities[1]?.example).toContain('telemetry.joinWindow');
  });
});
