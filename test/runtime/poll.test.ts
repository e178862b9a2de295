import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { poll } from '../../src/runtime/poll.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test.each([
  [0, 27_000],
  [0.5, 30_000],
  [0.999_999, 33_000],
])('every 30 seconds, a tenth more or less: by the chance of %d after %d ms', async (chance, wait) => {
  vi.spyOn(Math, 'random').mockReturnValue(chance);
  const task = vi.fn(async () => {});
  const closing = new AbortController();
  poll(task, 30, closing.signal);
  await vi.advanceTimersByTimeAsync(wait - 2);
  expect(task).toHaveBeenCalledTimes(0);
  await vi.advanceTimersByTimeAsync(2);
  expect(task).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(wait);
  expect(task).toHaveBeenCalledTimes(2);
  closing.abort();
  await vi.advanceTimersByTimeAsync(10 * wait);
  expect(task).toHaveBeenCalledTimes(2);
  expect(vi.getTimerCount()).toBe(0);
});

test.each([60 * 86_400, Number.POSITIVE_INFINITY])(
  'waits as long as a timer can where that is shorter than %d seconds',
  async (seconds) => {
    const task = vi.fn(async () => {});
    const closing = new AbortController();
    poll(task, seconds, closing.signal);
    await vi.advanceTimersByTimeAsync(20 * 86_400_000);
    expect(task).toHaveBeenCalledTimes(0);
    closing.abort();
  },
);

test('waits for a slow task to end, and does not go on when it was closed meanwhile', async () => {
  const ends: (() => void)[] = [];
  const task = vi.fn(() => new Promise<void>((done) => ends.push(done)));
  const closing = new AbortController();
  poll(task, 1, closing.signal);
  await vi.advanceTimersByTimeAsync(100_000);
  expect(task).toHaveBeenCalledTimes(1);
  closing.abort();
  ends[0]?.();
  await vi.advanceTimersByTimeAsync(100_000);
  expect(task).toHaveBeenCalledTimes(1);
});
