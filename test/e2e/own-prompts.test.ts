import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readReport } from '../../src/reports/write-reports.ts';
import { run } from './in-process.ts';
import { hopeless, ownPrompts } from './own-prompts.ts';

let own: Awaited<ReturnType<typeof ownPrompts>>;
beforeAll(async () => {
  own = await ownPrompts();
});
afterAll(() => own.close());

const model = ['--model', 'small/model'];

/** The fewest calls that are enough for the prompt with the most rows, as the command names them. */
async function leastCalls(strategy: string): Promise<number> {
  const args = ['optimize', 'query_processing/default', '--strategy', strategy, '--calls', '1', ...model];
  const { code, stderr } = await run(own.root, args);
  expect(code).toBe(2);
  return Number(/give --calls (\d+) or more/.exec(stderr)?.[1]);
}

it.each(['reflection', 'playbook', 'auto'])(
  '%s brings every prompt of this repository to a proposal or to an honest "no improvement", with one command',
  async (strategy) => {
    const calls = await leastCalls(strategy);
    const out = path.join(own.root, `out-${strategy}`);
    const options = ['--strategy', strategy, '--calls', String(calls), '--out', out, ...model];
    const { code, stdout } = await run(own.root, ['optimize', ...options]);
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('Report') });

    const { proposals = [], ended } = readReport(out);
    expect(ended).toBeUndefined();
    expect(proposals.map(({ id }) => id)).toEqual(own.ids);
    expect(new Set(own.ids.map((id) => id.split('/')[0])).size).toBe(9);
    for (const { id, accepted, reason, file, usage, search, base, ablation } of proposals) {
      expect({ id, reason }).toEqual({
        id,
        reason: expect.stringMatching(accepted ? /^The objective gained / : /^No improvement: /),
      });
      expect(existsSync(path.join(out, 'prompts', `${id}.prompt.yaml`))).toBe(accepted);
      expect(file === null).toBe(!accepted);
      expect(usage.calls).toBeLessThanOrEqual(calls + (ablation?.calls ?? 0));
      expect(search.strategy).toBe(strategy);
      expect(base?.failures ?? []).toEqual([]);
      if (hopeless.includes(id)) expect(accepted).toBe(false);
    }
    const won = proposals.filter(({ accepted }) => accepted).length;
    expect(won).toBeGreaterThan(proposals.length / 3);
    expect(own.task.stats().rejected + own.writer.stats().rejected).toBe(0);
  },
);
