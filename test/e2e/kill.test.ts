import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createRandom } from '../../src/statistics/random.ts';
import { type Delivery, startProtocolServer } from '../protocol-server/server.ts';
import { concurrency, labelAnswers, labelRepository } from './label-repository.ts';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');
const script = {
  // Long enough that ten kills fall into the run on a fast machine too.
  latencyMs: 80,
  answers: { rule: 'skill', labels: labelAnswers, start: 0.2, gain: 0.08 },
} as const;

test('an optimize run killed at ten random moments ends like an unbroken one, and asks for no answer twice', async () => {
  const server = await startProtocolServer(script);
  const unbroken = labelRepository(server.address, { calls: 400 });
  const broken = labelRepository(server.address, { calls: 400 });
  try {
    expect(await finish(start(unbroken.root))).toBe(0);
    const asked = server.delivered.length;
    const random = createRandom('moments of death');
    const kills: number[] = [];
    while (kills.length < 10) {
      const child = start(broken.root);
      await delay(250 + random.next() * 700);
      if (child.exitCode !== null) break;
      child.kill('SIGKILL');
      kills.push(performance.now());
      await once(child, 'exit');
    }
    expect(kills).toHaveLength(10);
    expect(await finish(start(broken.root))).toBe(0);

    expect(resultOf(broken.root)).toEqual(resultOf(unbroken.root));
    expect(paidTwice(server.delivered.slice(asked), kills)).toEqual([]);
    expect(server.delivered.length - asked).toBeGreaterThanOrEqual(asked);
  } finally {
    await server.close();
    unbroken.remove();
    broken.remove();
  }
});

function start(root: string) {
  return spawn(
    process.execPath,
    [cli, 'optimize', '--root', root, '--out', path.join(root, 'out'), '--seed', '3'],
    {
      stdio: 'ignore',
    },
  );
}

async function finish(child: ReturnType<typeof start>): Promise<number | null> {
  if (child.exitCode === null) await once(child, 'exit');
  return child.exitCode;
}

/**
 * Answers delivered again although they had been stored when the process died. Not stored can be: what was asked before the kill
 * and left the server after it; and, because a process asks for a next answer only once one is stored, the last few that left
 * before it, as many as it asks for at once.
 */
function paidTwice(delivered: readonly Delivery[], kills: readonly number[]) {
  const inFlight = new Set(
    kills.flatMap((kill) => [
      ...delivered.filter(({ at }) => at <= kill).slice(-concurrency),
      ...delivered.filter(({ askedAt, at }) => askedAt <= kill && at > kill),
    ]),
  );
  const byContent = Map.groupBy(delivered, ({ content }) => content);
  return [...byContent.values()].flatMap((times) =>
    times.slice(0, -1).filter((delivery) => !inFlight.has(delivery)),
  );
}

/** What a run found, without its times and without what came from the store. */
function resultOf(root: string) {
  const report = JSON.parse(readFileSync(path.join(root, 'out', 'report.json'), 'utf8'));
  const [proposal] = report.proposals;
  const { accepted, reason, to, search, messages, changes, explanation, comparison } = proposal;
  expect(accepted).toBe(true);
  const prompt = readFileSync(path.join(root, 'out', 'prompts', 'colors', 'default.prompt.yaml'), 'utf8');
  return { reason, to, search, messages, changes, explanation, objective: comparison.objective, prompt };
}
