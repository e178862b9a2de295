import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Delivery, ProtocolServer } from '../protocol-server/server.ts';
import {
  concurrency,
  environment,
  type ParcelsOptions,
  type ParcelsRepository,
  parcelsRepository,
  proposalIn,
  writtenIn,
} from './parcels-repository.ts';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');
const kills = 10;
const calls = 330;
const slow: ParcelsOptions = { calls, task: { latencyMs: 5 }, writer: { latencyMs: 5 } };

it('a reflection killed at ten points of its way ends like an unbroken one, and pays for no answer twice', async () => {
  const unbroken = await parcelsRepository(slow);
  const broken = await parcelsRepository(slow);
  expect(await ended(start(unbroken))).toBe(0);
  const whole = delivered(unbroken);
  const moments: number[] = [];
  while (moments.length < kills) {
    const child = start(broken);
    // Points spread over the whole run, questions to the proposer among them.
    const point = Math.round(((moments.length + 0.5) / kills) * whole);
    while (delivered(broken) < point && child.exitCode === null) await delay(1);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(child.signalCode).toBe('SIGKILL');
    // The server may still find questions that the dead process had sent: they were under way, too.
    await delay(50);
    moments.push(performance.now());
  }
  expect(await ended(start(broken))).toBe(0);

  expect(resultIn(broken)).toEqual(resultIn(unbroken));
  expect(readFileSync(writtenIn(broken), 'utf8')).toBe(readFileSync(writtenIn(unbroken), 'utf8'));
  expect(paidTwice(broken.task, moments, concurrency)).toEqual([]);
  expect(paidTwice(broken.writer, moments, 1)).toEqual([]);
  expect(new Set(broken.writer.delivered.map(({ content }) => content))).toEqual(
    new Set(unbroken.writer.delivered.map(({ content }) => content)),
  );
});

function delivered({ task, writer }: ParcelsRepository): number {
  return task.delivered.length + writer.delivered.length;
}

function start({ root, out }: ParcelsRepository) {
  const args = ['optimize', '--strategy', 'reflection', '--root', root, '--out', out];
  return spawn(process.execPath, [cli, ...args], {
    stdio: 'ignore',
    env: { ...process.env, ...environment },
  });
}

async function ended(child: ReturnType<typeof start>): Promise<number | null> {
  if (child.exitCode === null) await once(child, 'exit');
  return child.exitCode;
}

/** What a run found, without its times and addresses, and without what came from the store. */
function resultIn(made: ParcelsRepository) {
  const { accepted, reason, to, search, messages, changes, explanation } = proposalIn(made);
  expect(accepted).toBe(true);
  return { reason, to, search, messages, changes, explanation };
}

/** Answers delivered again although they had been stored when the process died; see kill.test.ts. */
function paidTwice({ delivered }: ProtocolServer, moments: readonly number[], atOnce: number): Delivery[] {
  const inFlight = new Set(
    moments.flatMap((moment) => [
      ...delivered.filter(({ at }) => at <= moment).slice(-atOnce),
      ...delivered.filter(({ askedAt, at }) => askedAt <= moment && at > moment),
    ]),
  );
  const byContent = Map.groupBy(delivered, ({ content }) => content);
  return [...byContent.values()].flatMap((times) =>
    times.slice(0, -1).filter((delivery) => !inFlight.has(delivery)),
  );
}
