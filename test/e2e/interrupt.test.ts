import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { type ProtocolServer, startProtocolServer } from '../protocol-server/server.ts';
import { familiesRepository } from './families-repository.ts';
import { reportIn } from './in-process.ts';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');
const concurrency = 4;
const latencyMs = 15;
const texts = Array.from({ length: 200 }, (_, index) => `thing number ${index} of 200`);
const labels = Object.fromEntries(
  texts.map((text, index) => [text, ['red', 'green', 'blue'][index % 3] ?? '']),
);

/** A repository of 200 rows whose model takes its time, and a run of the built command line on it. */
async function repositoryWithRows() {
  const server = await startProtocolServer({ latencyMs, answers: { rule: 'skill', labels, start: 0.6 } });
  const repository = familiesRepository(server.address);
  onTestFinished(async () => {
    await server.close();
    repository.delete();
  });
  const { root } = repository;
  const rows = texts.map((text, index) =>
    JSON.stringify({ id: `row-${index}`, input: { text }, expected: { color: labels[text] } }),
  );
  repository.remove('datasets/colors/test.yaml');
  repository.write('datasets/colors/test.jsonl', `${rows.join('\n')}\n`);
  const out = path.join(root, 'out');
  const start = () => {
    const args = ['evaluate', 'colors/default', '--root', root, '--out', out];
    const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    return { child, ended: once(child, 'close').then(([code]) => ({ code, said })) };
  };
  return { server, root, out, start };
}

/** The scores of a run, without its times. */
function scoresIn(out: string) {
  return reportIn(out).prompts.map(({ id, dataset, metrics, objective, examples, failures }) => ({
    ...{ id, dataset, metrics, objective, examples, failures },
  }));
}

function stored(root: string): number {
  const database = new DatabaseSync(path.join(root, '.promptline/answers.sqlite'));
  const row = database.prepare('SELECT count(*) AS n FROM answers').get();
  database.close();
  return Number(row?.['n']);
}

async function answersDelivered(server: ProtocolServer, count: number): Promise<void> {
  while (server.delivered.length < count) await delay(1);
}

it.each(['SIGKILL', 'SIGINT'] as const)(
  'a run ended by %s at half of its rows goes on to the result of an unbroken one, and pays no answer twice',
  async (signal) => {
    const { server, root, out, start } = await repositoryWithRows();
    const first = start();
    await answersDelivered(server, texts.length / 2);
    const deliveredAtSignal = server.delivered.length;
    first.child.kill(signal);
    const { code, said } = await first.ended;
    if (signal === 'SIGINT') {
      expect({ code, said }).toEqual({
        code: 3,
        said: expect.stringMatching(
          /^The run was cancelled\. Answers so far are kept; run the same command again to go on\.$/m,
        ),
      });
      expect(readdirSync(out, { recursive: true }).filter((name) => String(name).includes('.'))).toEqual([]);
    }
    // What was asked last is answered to nobody.
    await delay(3 * latencyMs);

    const kept = stored(root);
    // A process asks for a next answer once one is stored: at most as many are lost as it asks for at once.
    expect(kept).toBeGreaterThanOrEqual(deliveredAtSignal - concurrency);
    const before = server.delivered.length;
    expect(await start().ended).toMatchObject({ code: 0 });
    const askedAgain = server.delivered.slice(before).map(({ content }) => content);
    expect(askedAgain).toHaveLength(texts.length - kept);
    expect(new Set(askedAgain).size).toBe(askedAgain.length);
    expect(reportIn(out).prompts[0]?.usage).toMatchObject({ calls: texts.length, cached: kept });

    const resumed = scoresIn(out);
    rmSync(path.join(root, '.promptline'), { recursive: true });
    expect(await start().ended).toMatchObject({ code: 0 });
    expect(reportIn(out).prompts[0]?.usage).toMatchObject({ calls: texts.length, cached: 0 });
    expect(resumed).toEqual(scoresIn(out));
  },
);
