import { describe, expect, it } from 'vitest';
import { progressBoard, type Terminal } from '../../src/commands/terminal.ts';
import type { Progress } from '../../src/evaluation/progress.ts';

/** A terminal whose clock stands until it is moved, with what was written to it. */
function terminalOf({ tty, columns = 60 }: { tty: boolean; columns?: number }) {
  const written: string[] = [];
  let time = 0;
  const terminal: Terminal = {
    out: () => {},
    note: (text) => written.push(text),
    rewrite: tty ? (line) => written.push(line) : null,
    color: false,
    columns,
    now: () => time,
  };
  const pass = (seconds: number) => {
    time += seconds * 1000;
  };
  return { terminal, written, pass };
}

const at = (label: string, done: number): Progress => ({
  label,
  done,
  total: 100,
  cached: 0,
  failed: 0,
  usd: null,
});

describe('the progress of one prompt', () => {
  it('has no rate where all answers come at once, and later the one of the time since the first', () => {
    const { terminal, written, pass } = terminalOf({ tty: true });
    const part = progressBoard(terminal).open();
    pass(2);
    for (let done = 1; done <= 16; done += 1) part.onProgress(at('a/one', done));
    pass(0.5);
    part.onProgress(at('a/one', 17));
    pass(2);
    part.onProgress(at('a/one', 51));
    expect(written).toEqual(['a/one  1/100', 'a/one  17/100', 'a/one  51/100  20/s  3 s left']);
  });
});

describe('the progress of prompts that run at once', () => {
  it('shares one line, and is whole again when one is left', () => {
    const { terminal, written, pass } = terminalOf({ tty: true });
    const board = progressBoard(terminal);
    const [first, second] = [board.open(), board.open()];
    pass(1);
    first.onProgress(at('a/one: search', 10));
    pass(1);
    second.onProgress(at('a/two: search', 20));
    first.end();
    pass(1);
    second.onProgress(at('a/two: search', 30));
    second.end();
    expect(written).toEqual([
      expect.stringMatching(/^a\/one: search {2}10\/100$/),
      'a/one: search 10/100   a/two: search 20/100',
      expect.stringMatching(/^a\/two: search {2}30\/100 {2}10\/s {2}7 s left$/),
      '',
    ]);
  });

  it('is cut where the line ends, because a line that wraps cannot be rewritten', () => {
    const { terminal, written, pass } = terminalOf({ tty: true, columns: 30 });
    const board = progressBoard(terminal);
    for (const name of ['one', 'two', 'three']) {
      pass(1);
      board.open().onProgress(at(`family/${name}: search`, 10));
    }
    expect(written.at(-1)).toHaveLength(29);
    expect(written.at(-1)).toMatch(/^family\/one: search 10\/100 .*…$/);
  });

  it('has lines of its own in a log, each as often as one alone', () => {
    const { terminal, written, pass } = terminalOf({ tty: false });
    const board = progressBoard(terminal);
    const [first, second] = [board.open(), board.open()];
    for (let done = 1; done <= 21; done += 1) {
      pass(1);
      first.onProgress(at('a/one: search', done));
      second.onProgress(at('a/two: search', done));
    }
    expect(written.map((line) => line.slice(0, 'a/one: search  10'.length))).toEqual([
      'a/one: search  10',
      'a/two: search  10',
      'a/one: search  20',
      'a/two: search  20',
    ]);
  });
});
