import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { openClock } from '../../src/commands/watch/clock.ts';

it('sleeps also where the time between two looks is longer than a timer can wait', async () => {
  const stopping = new AbortController();
  const wakes = vi.fn();
  const sleep = openClock(Date.now, stopping.signal, null)
    .sleep(60 * 86_400_000)
    .then(wakes);
  await delay(200);
  expect(wakes).not.toHaveBeenCalled();
  stopping.abort();
  await sleep;
  expect(wakes).toHaveBeenCalledOnce();
});
