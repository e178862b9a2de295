import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { addReading, noEvidence } from '../../src/rollout/evidence.ts';
import type { Cursor } from '../../src/rollout/observation.ts';
import type { Evidence } from '../../src/rollout/state.ts';
import { asNobody } from '../files/as-nobody.ts';
import { scratchFolder } from '../files/scratch.ts';
import { planWith, prompt } from '../rollout/fixtures.ts';
import { callLine, start } from './otlp-lines.ts';
import { counted, described, minutes, readAnew, window } from './reading.ts';

/** A file that grows, and how much of it every look reads, each in a process of its own. */
function growing(target = 'telemetry/data.json') {
  const folder = scratchFolder({});
  mkdirSync(path.join(folder, 'telemetry'));
  const at = (name: string) => path.join(folder, 'telemetry', name);
  let calls = 0;
  let cursor: Cursor = {};
  const look = async (at = 60 * minutes) => {
    const reading = await readAnew(folder, cursor, at, target);
    cursor = reading.cursor;
    return reading;
  };
  return {
    at,
    line: () => callLine({ at: ++calls * 1000, user: `user ${calls}`, version: '1.0.0' }),
    append: (text: string, name = 'data.json') => appendFileSync(at(name), text),
    look,
    /** A look at another source with the same cursor. */
    also: async (other: string) => {
      cursor = (await readAnew(folder, cursor, 60 * minutes, other)).cursor;
    },
    seen: async (at?: number) => (await look(at)).observations.length,
    entries: () => Object.values(cursor),
  };
}

const rotatedName = 'data-2026-03-01T00-05-14.173.json';

describe('a file of OTLP JSON lines', () => {
  it('is read as it grows; a line that is cut short is read when it is whole', async () => {
    const { append, line, seen } = growing();
    append(line() + line());
    expect(await seen()).toBe(2);
    const third = line();
    append(third.slice(0, 100));
    expect(await seen()).toBe(0);
    append(third.slice(100, -1));
    // The line break may come later.
    expect(await seen()).toBe(1);
    append(`\n${line()}`);
    expect(await seen()).toBe(1);
    expect(await seen()).toBe(0);
  });

  it('is read on within a second of events, of which some were read before', async () => {
    const { append, seen } = growing();
    const line = (at: number) => callLine({ at, user: `user ${at}`, version: '1.0.0' });
    append(line(100) + line(200));
    expect(await seen()).toBe(2);
    append(line(300) + line(400));
    expect(await seen()).toBe(2);
  });

  it('goes on after it was rotated by renaming, between any two looks', async () => {
    const { append, at, line, seen } = growing('telemetry/data.json');
    append(line());
    expect(await seen()).toBe(1);
    append(line());
    renameSync(at('data.json'), at(rotatedName));
    append(line());
    expect(await seen()).toBe(2);
    append(line());
    renameSync(at('data.json'), at('data-2026-03-01T00-06-14.173-size.json'));
    expect(await seen()).toBe(1);
    expect(await seen()).toBe(0);
  });

  it('goes on after it was gzipped, and while gzip is still writing', async () => {
    const { append, at, line, seen } = growing('telemetry/data.json');
    const first = Array.from({ length: 400 }, line).join('');
    append(first);
    expect(await seen()).toBe(400);
    const rest = Array.from({ length: 400 }, line).join('');
    const whole = gzipSync(first + rest);
    rmSync(at('data.json'));
    writeFileSync(at(`${rotatedName}.gz`), whole.subarray(0, Math.floor(whole.length * 0.75)));
    const part = await seen();
    expect(part).toBeGreaterThan(100);
    expect(part).toBeLessThan(400);
    writeFileSync(at(`${rotatedName}.gz`), whole);
    expect(await seen()).toBe(400 - part);
    expect(await seen()).toBe(0);
  });

  it('is one file where its gzipped copy lies beside it', async () => {
    const { append, at, line, seen } = growing('telemetry/data.json');
    const text = line() + line();
    append(text, rotatedName);
    writeFileSync(at(`${rotatedName}.gz`), gzipSync(text));
    expect(await seen()).toBe(2);
  });

  it('begins anew when it was emptied, as by a collector that starts again', async () => {
    const { append, at, line, seen } = growing();
    append(line() + line());
    expect(await seen()).toBe(2);
    truncateSync(at('data.json'));
    append(line());
    expect(await seen()).toBe(1);
  });

  it('may be one of many, of which those of long ago are not opened', async () => {
    const { append, at, line, look, entries } = growing('telemetry');
    append(line(), 'a.jsonl');
    append(line(), 'b.json');
    append(line(), 'notes.txt');
    append(line(), 'old.json');
    const longAgo = (start - window) / 1000 - 1;
    utimesSync(at('old.json'), longAgo, longAgo);
    expect((await look()).observations).toHaveLength(2);
    expect(entries()).toEqual([
      expect.stringMatching(/^\d+, again from 0, of a.jsonl in telemetry$/),
      expect.stringMatching(/^\d+, again from 0, of b.json in telemetry$/),
    ]);
  });

  it('may be named by a pattern', async () => {
    const { append, line, seen } = growing('telemetry/*.jsonl');
    append(line(), 'a.jsonl');
    append(line(), 'b.json');
    expect(await seen()).toBe(1);
  });

  it.each(['telemetry/data.json', 'telemetry', 'telemetry/*.json'])(
    'is found as %s in a repository whose folder looks like a pattern',
    async (target) => {
      const folder = path.join(scratchFolder({}), 'clone [2] {b}');
      mkdirSync(path.join(folder, 'telemetry'), { recursive: true });
      const line = callLine({ at: 1000, user: 'ada', version: '1.0.0' });
      writeFileSync(path.join(folder, 'telemetry', 'data.json'), line);
      expect((await readAnew(folder, {}, minutes, target)).observations).toHaveLength(1);
    },
  );

  it.each(['nowhere', 'telemetry/*.nothing', 'telemetry', 'telemetry/link.json'])(
    'that is not there is named as %s, and ends nothing',
    async (target) => {
      const { at, look } = growing(target);
      symlinkSync('link.json', at('link.json'));
      const reading = await look();
      expect(reading.observations).toEqual([]);
      expect(reading.irregularities).toEqual([{ kind: 'path without files', count: 1, example: target }]);
    },
  );

  it.each([
    ['no names', 'telemetry', 0o111],
    ['no names of a pattern', 'telemetry/*.json', 0o111],
    ['names alone', 'telemetry', 0o444],
    ['nothing', 'telemetry/data.json', 0],
  ])('in a folder that shows %s is not said to be missing', async (_, target, mode) => {
    const { append, at, line, look } = growing(target);
    append(line());
    chmodSync(path.dirname(at('')), 0o755);
    chmodSync(at(''), mode);
    const { irregularities } = await asNobody(look);
    chmodSync(at(''), 0o700);
    expect(irregularities).toEqual([
      { kind: 'unreadable file', count: 1, example: `${target}: permission denied` },
    ]);
  });

  it('that cannot be read is named, and the others are read', async () => {
    const { append, at, line, look } = growing('telemetry');
    append(line());
    writeFileSync(at('broken.json.gz'), 'this is no gzip, whatever its name says');
    const reading = await look();
    expect(reading.observations).toHaveLength(1);
    expect(counted(reading)).toEqual(['1 unreadable file']);
  });

  it('with lines too long for memory loses those alone', async () => {
    const { append, line, look } = growing();
    append(line());
    for (let megabyte = 0; megabyte < 33; megabyte++) append('x'.repeat(1024 * 1024));
    append(`\n${line()}`);
    const reading = await look();
    expect(reading.observations).toHaveLength(2);
    expect(counted(reading)).toEqual(['1 too long']);
  });
});

describe("a collector's file", () => {
  it('is read: batches of many applications, logs and metrics in between', async () => {
    const { append, look } = growing();
    const at = (seconds: number) => `${BigInt(start + seconds * 1000) * 1_000_000n}`;
    const resource = (name: string) => ({
      attributes: [{ key: 'service.name', value: { stringValue: name } }],
    });
    const scope = { name: '@opentelemetry/instrumentation-http', version: '0.205.0' };
    const request = {
      traceId: '5b8efff798038103d269b633813fc60c',
      spanId: 'eee19b7ec3c1b173',
      parentSpanId: '',
      flags: 257,
      name: 'GET /answers/{id}',
      kind: 2,
      startTimeUnixNano: at(1),
      endTimeUnixNano: at(3),
      attributes: [{ key: 'url.path', value: { stringValue: '/answers/"7"?{[\\' } }],
      status: {},
    };
    const call = {
      ...request,
      spanId: 'eee19b7ec3c1b174',
      parentSpanId: request.spanId,
      name: 'chat gpt-5-mini',
      kind: 3,
      links: [{ traceId: '00000000000000000000000000000001', spanId: '0000000000000001' }],
      attributes: [
        { key: 'gen_ai.prompt.name', value: { stringValue: prompt } },
        { key: 'gen_ai.prompt.version', value: { stringValue: '1.1.0' } },
        {
          key: 'gen_ai.response.finish_reasons',
          value: { arrayValue: { values: [{ stringValue: 'stop' }] } },
        },
      ],
      status: { code: 1 },
    };
    const evaluation = {
      timeUnixNano: at(2),
      observedTimeUnixNano: at(3),
      severityNumber: 9,
      body: {},
      attributes: [
        { key: 'feature_flag.key', value: { stringValue: `prompt.${prompt}` } },
        { key: 'feature_flag.context.id', value: { stringValue: 'ada' } },
        { key: 'feature_flag.version', value: { stringValue: '2' } },
      ],
      eventName: 'feature_flag.evaluation',
      traceId: call.traceId,
      spanId: call.spanId,
    };
    const other = { ...evaluation, eventName: '', attributes: [], body: { stringValue: 'done' } };
    const spans = (...of: object[]) => ({ scopeSpans: [{ scope, spans: of }] });
    const lines = [
      {
        resourceSpans: [
          { resource: resource('shop'), ...spans(request) },
          { resource: resource('chat'), ...spans({ ...request, spanId: 'eee19b7ec3c1b175' }, call) },
        ],
      },
      {
        resourceMetrics: [
          { resource: resource('shop'), scopeMetrics: [{ scope, metrics: [{ name: 'gen_ai.' }] }] },
        ],
      },
      {
        resourceLogs: [
          { resource: resource('chat'), scopeLogs: [{ scope, logRecords: [other, evaluation] }] },
        ],
      },
    ];
    append(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const reading = await look();
    expect(described(reading)).toEqual(['canary success 1, latency 2000']);
    expect(reading.irregularities).toEqual([]);
  });

  it('by a clock that is ahead or behind is read once, and so is what comes after', async () => {
    const { append, line, look, seen } = growing();
    const ahead = callLine({ at: 180 * minutes, user: 'ahead', version: '1.0.0' });
    append(line() + ahead + callLine({ at: 3 * minutes, user: 'behind', version: '1.0.0', generation: 2 }));
    const reading = await look();
    expect(reading.observations.filter(({ values }) => 'success' in values)).toHaveLength(3);
    expect(counted(reading)).toEqual(['1 clock ahead', '1 late']);
    append(callLine({ at: 58 * minutes, user: 'eve', version: '1.0.0' }));
    expect(await seen()).toBe(1);
    expect(await seen()).toBe(0);
  });
});

describe('a line of another writer', () => {
  it.each([
    [
      'ids in capitals, codes by name',
      (line: string) => line.replace('"status":{}', '"status":{"code":"STATUS_CODE_ERROR"}'),
    ],
    ['a line break of Windows', (line: string) => line.replace('\n', '\r\n')],
  ])('counts: %s', async (_, change) => {
    const { append, line, seen } = growing();
    append(change(line()) + line());
    expect(await seen()).toBe(2);
  });
});

describe('a file that is not there any more', () => {
  const hour = 60 * minutes;
  const away = 'elsewhere';

  /** Two files that were read, and the place of one that is then missing. */
  async function twoFiles() {
    const files = growing();
    files.append(files.line() + files.line(), 'data.json');
    files.append(files.line() + files.line(), rotatedName);
    expect(await files.seen(hour)).toBe(4);
    renameSync(files.at(rotatedName), files.at(away));
    expect(await files.seen(hour)).toBe(0);
    const place = () => files.entries().find((entry) => entry.includes(rotatedName));
    return { ...files, place, back: () => renameSync(files.at(away), files.at(rotatedName)) };
  }

  it('is forgotten when all of it is too old for anything to belong to it', async () => {
    const { seen, place, entries } = await twoFiles();
    expect(place()).toMatch(/, missing since 2026-03-01T01:00:00.000Z$/);
    await seen(hour + window);
    expect(place()).toBeDefined();
    await seen(hour + window + 1);
    expect(entries()).toEqual([expect.stringContaining('data.json in telemetry')]);
  });

  it('goes on where it was when it comes back before', async () => {
    const { append, at, line, seen, place, back } = await twoFiles();
    await seen(hour + window);
    back();
    expect(await seen(hour + window)).toBe(0);
    expect(place()).toMatch(/ of \S+ in telemetry\/data.json$/);
    // Of the time that it was missing nothing is left.
    renameSync(at(rotatedName), at(away));
    await seen(hour + 2 * window);
    back();
    append(line(), rotatedName);
    expect(await seen(hour + 2 * window)).toBe(1);
    expect(await seen(hour + 4 * window)).toBe(0);
    expect(place()).toMatch(/ of \S+ in telemetry\/data.json$/);
  });

  it('and comes back after it was forgotten brings no user a second time', async () => {
    const { look, back } = await twoFiles();
    const counted = (evidence: Evidence) => {
      const success = evidence.metrics['success'];
      return [evidence.arrivals, success?.from === 'users' && success.counted];
    };
    const plan = planWith();
    await look(hour + window);
    await look(hour + window + 1);
    back();
    const again = await look(hour + window + 2);
    expect(again.observations).toHaveLength(2);
    const once = addReading(noEvidence({}), again, plan);
    expect(counted(addReading(once, again, plan))).toEqual(counted(once));
  });

  it('is not taken for deleted while its disk is away, or while some file cannot be read', async () => {
    const { at, seen, entries, append, line } = growing();
    append(line());
    await seen(hour);
    const folder = path.dirname(at('x'));
    renameSync(folder, `${folder}-${away}`);
    await seen(hour);
    await seen(hour + 2 * window);
    renameSync(`${folder}-${away}`, folder);
    renameSync(at('data.json'), at(away));
    writeFileSync(at('broken.json.gz'), 'this is no gzip, whatever its name says');
    await seen(hour + 3 * window);
    expect(entries()).toEqual([expect.stringMatching(/ of data.json in telemetry\/data.json$/)]);
  });

  it('is none of a source that never had it', async () => {
    const { append, line, seen, entries, also } = growing('telemetry/a*.json');
    append(line(), 'a.json');
    append(line(), 'b.json');
    await also('telemetry/b*.json');
    await seen(hour);
    await seen(hour + 2 * window);
    await seen(hour + 4 * window);
    expect(entries().map((entry) => entry.slice(entry.indexOf(' of ')))).toEqual([
      ' of b.json in telemetry/b*.json',
      ' of a.json in telemetry/a*.json',
    ]);
  });
});
