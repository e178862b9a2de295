import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { targetingKeyOf } from '../../src/rollout/assign.ts';
import { openOtlpFiles } from '../../src/telemetry/otlp/files.ts';
import { openReader, type TelemetryReading } from '../../src/telemetry/reading.ts';
import { scratchFolder } from '../files/scratch.ts';
import { assignment, callLine, logsLine, score, span, spanIds, spansLine, start } from './otlp-lines.ts';
import { comparison, counted, described, minutes, readAnew, window } from './reading.ts';

const now = 60 * minutes;

async function readLines(...lines: string[]) {
  const folder = scratchFolder({ 'telemetry/data.json': lines.join('') });
  return readAnew(folder, {}, now);
}

const call = { at: 1000, user: 'ada', version: '1.1.0' };

describe('a user and an outcome', () => {
  it('come from a span that says all of it', async () => {
    const reading = await readLines(callLine(call), callLine({ ...call, version: '1.0.0', failed: true }));
    expect(described(reading)).toEqual(['canary success 1, latency 800', 'control success 0']);
    expect(reading.observations[0]?.user).toBe(targetingKeyOf('ada'));
    expect(reading.window).toEqual({ from: '2026-03-01T00:00:01.000Z', to: '2026-03-01T00:00:01.000Z' });
  });

  it.each(['before', 'after'])(
    'are joined by span and by trace, the assignment %s the call',
    async (order) => {
      const [own, other] = [spanIds(), spanIds()];
      const spans = spansLine(span(call, own), span({ ...call, version: '1.0.0' }, other));
      const logs = logsLine(
        assignment(call, own),
        assignment({ ...call, user: 'bob' }, { ...other, spanId: spanIds().spanId }),
      );
      const reading = await readLines(...(order === 'before' ? [logs, spans] : [spans, logs]));
      expect(described(reading)).toEqual(['canary success 1, latency 800', 'control success 1, latency 800']);
      expect(reading.observations.map(({ user }) => user)).toEqual([
        targetingKeyOf('ada'),
        targetingKeyOf('bob'),
      ]);
    },
  );

  it('are hashed where an application sent a name', async () => {
    const line = callLine(call).replace(targetingKeyOf('ada'), 'ada');
    const [observation] = (await readLines(line)).observations;
    expect(observation?.user).toBe(targetingKeyOf('ada'));
  });

  it('are not made up where nobody is named', async () => {
    const late = callLine({ ...call, at: 40 * minutes });
    const reading = await readLines(spansLine(span(call)), late);
    expect(described(reading)).toEqual(['canary success 1, latency 800']);
    expect(counted(reading)).toEqual(['1 without user']);
  });
});

describe('calls that are not compared', () => {
  it('are those of other prompts, and other spans', async () => {
    const other = { ...span(call), attributes: [] };
    const reading = await readLines(callLine({ ...call, prompt: 'other/prompt' }), spansLine(other));
    expect([described(reading), counted(reading)]).toEqual([[], []]);
  });

  it('are those of versions that are not served', async () => {
    const reading = await readLines(callLine({ ...call, version: '0.9.0' }));
    expect([described(reading), counted(reading)]).toEqual([[], ['1 of another version']]);
  });

  it('are those of another step: by their generation, else by their time', async () => {
    const reading = await readLines(
      callLine({ ...call, generation: 1 }),
      callLine({ ...call, at: -minutes }),
      // A clock that is behind does not matter to whoever says the generation.
      callLine({ ...call, at: -minutes, generation: 2 }),
    );
    expect(described(reading)).toHaveLength(1);
    expect(counted(reading)).toContain('2 of another step');
  });
});

describe('scores', () => {
  it('belong to a call by its span or its response, whichever comes first', async () => {
    const [own, later] = [spanIds(), spanIds()];
    const reading = await readLines(
      logsLine(score({ at: 900, name: 'grounded', value: 0.25 }, own)),
      spansLine(span(call, own, true), span({ ...call, responseId: 'r-1' }, later, true)),
      logsLine(score({ at: 2000, name: 'grounded', value: 0.75, responseId: 'r-1' })),
    );
    expect(described(reading).filter((line) => line.includes('grounded'))).toEqual([
      'canary grounded 0.25',
      'canary grounded 0.75',
    ]);
  });

  it('are named where they are of no call, or give no number', async () => {
    const reading = await readLines(
      logsLine(score({ at: 0, name: 'grounded', value: 1 }, spanIds())),
      logsLine(score({ at: 0, name: 'grounded', value: undefined }, spanIds())),
      callLine({ ...call, at: 40 * minutes }),
    );
    expect(counted(reading)).toEqual(['1 without score', '1 of an unknown call']);
  });

  it('that only tell the answer are named by it', async () => {
    const reading = await readLines(
      logsLine(score({ at: 0, name: 'grounded', value: 1, responseId: 'r-9' })),
      callLine({ ...call, at: 40 * minutes }),
    );
    expect(reading.irregularities).toEqual([
      { kind: 'of an unknown call', count: 1, example: 'score of response r-9' },
    ]);
  });

  it('as a thumbs-down count for the user, and silence as none, once time for it is over', async () => {
    const own = spanIds();
    const lines = [
      spansLine(span(call, own, true)),
      callLine({ ...call, at: 2000, user: 'bob' }),
      logsLine(score({ at: 3000, name: 'user_feedback', value: 0 }, own)),
    ];
    const feedback = (reading: Awaited<ReturnType<typeof readLines>>) =>
      described(reading).filter((line) => line.includes('feedback'));
    expect(feedback(await readLines(...lines))).toEqual([]);
    const after = callLine({ ...call, at: window + 5000, user: 'eve' });
    expect(feedback(await readLines(...lines, after))).toEqual(['canary feedback 0', 'canary feedback 1']);
    const undecided = lines.with(-1, logsLine(score({ at: 3000, name: 'user_feedback', value: 0.5 }, own)));
    expect(feedback(await readLines(...undecided, after))).toEqual([
      'canary feedback 1',
      'canary feedback 1',
    ]);
  });
});

describe('records that are irregular', () => {
  it('are counted and named, and the others count', async () => {
    const line = callLine({ ...call, id: 1_000_001 });
    const reading = await readLines(
      line,
      line,
      'this mentions gen_ai. and is no JSON\n',
      `{"gen_ai.": 1\n`,
      'neither is this\n',
      callLine({ ...call, at: 10 * minutes }),
      callLine({ ...call, at: 5 * minutes }),
      callLine({ ...call, at: 30 * minutes }),
      callLine({ ...call, at: 5 * minutes }),
      callLine({ ...call, at: 2 * now }),
      spansLine({ ...span(call), endTimeUnixNano: '0' }),
      spansLine({ ...span(call), endTimeUnixNano: `9${'0'.repeat(30)}` }),
      spansLine({ ...span(call), attributes: 'none' }),
      '{"resourceSpans": [null, {"scopeSpans": {"gen_ai.": []}}]}\n',
    );
    expect(described(reading).filter((line) => line.includes('success'))).toHaveLength(6);
    expect(counted(reading).toSorted()).toEqual([
      '1 clock ahead',
      '1 duplicate',
      '1 late',
      '1 out of order',
      '2 without time',
      '3 malformed',
    ]);
    expect(reading.irregularities.find(({ kind }) => kind === 'malformed')?.example).toMatch(
      /^data.json, line that ends at byte \d+$/,
    );
  });
});

describe('a restart', () => {
  const event = fc.record({
    user: fc.constantFrom('ada', 'bob', 'eve'),
    gap: fc.integer({ min: 0, max: 4 * minutes }),
    delay: fc.integer({ min: 0, max: 3 }),
    score: fc.constantFrom(null, 0, 1),
    readAfter: fc.boolean(),
    restart: fc.boolean(),
  });

  it('at any moment loses nothing and makes nothing up', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 3, maxLength: 14 }), async (history) => {
        const folder = scratchFolder({});
        mkdirSync(path.join(folder, 'telemetry'));
        const write = (file: string, line: string) =>
          appendFileSync(path.join(folder, 'telemetry', file), line);
        const open = () =>
          openReader([openOtlpFiles(folder, 'telemetry')], comparison, { window, priceOf: null });
        let reader = open();
        let cursor = {};
        const found: TelemetryReading[] = [];
        let at = 0;
        // Spans and events lie in files of their own, and events come some spans late.
        const late: string[][] = [];
        for (const { user, gap, delay, score: value, readAfter, restart } of history) {
          at += gap;
          const place = spanIds();
          const own = { at, user, version: user === 'ada' ? '1.1.0' : '1.0.0' };
          write('spans.json', spansLine(span(own, place)));
          const events = [
            assignment(own, place),
            ...(value === null ? [] : [score({ at, name: 'user_feedback', value }, place)]),
          ];
          late[delay] = [...(late[delay] ?? []), logsLine(...events)];
          for (const line of late.shift() ?? []) write('logs.json', line);
          if (!readAfter) continue;
          if (restart) reader = open();
          const reading = await reader.read(cursor, start + at);
          found.push(reading);
          cursor = reading.cursor;
        }
        for (const line of late.flat()) write('logs.json', line ?? '');
        found.push(await reader.read(cursor, start + at));
        const whole = await open().read({}, start + at);
        expect(firstOutcomes(found)).toEqual(firstOutcomes([whole]));
      }),
      { numRuns: 20 },
    );
  });
});

/** What counts: the first value of each user and metric. */
function firstOutcomes(readings: readonly TelemetryReading[]): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  for (const { user, arm, values } of readings.flatMap(({ observations }) => observations)) {
    for (const [metric, value] of Object.entries(values)) {
      const key = `${user} ${arm} ${metric}`;
      if (!first.has(key)) first.set(key, value);
    }
  }
  return first;
}
