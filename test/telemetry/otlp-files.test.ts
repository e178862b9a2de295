import {
  appendFileSync,
  mkdirSync,
  renameSync,
  rmSync,
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
import { scratchFolder } from '../files/scratch.ts';
import { planWith } from '../rollout/fixtures.ts';
import { callLine, start } from './otlp-lines.ts';
import { counted, minutes, readAnew, window } from './reading.ts';

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
