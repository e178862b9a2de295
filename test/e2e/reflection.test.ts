import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadPrompt } from '../../src/prompts/load.ts';
import { statedRules } from '../optimization/parcel-rules.ts';
import { optimize, parcelsRepository, proposalIn, writtenIn } from './parcels-repository.ts';

/** OpenAI's own type goes through Ax. */
describe.each(['openai-compatible', 'openai'] as const)('over HTTP, as %s,', (type) => {
  it.each(['reflection', 'playbook', 'auto'])(
    '%s proposes a new version whose rules stand readably in its file',
    async (strategy) => {
      const made = await parcelsRepository({ type });
      const { code, stdout } = await optimize(made, strategy);
      expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Improvement\n/) });
      const file = writtenIn(made);
      const lines = readFileSync(file, 'utf8').split('\n');
      const rules = lines.filter((line) => /^ +(- )?A \w+ parcel needs the code K\d+\.$/.test(line));
      expect(rules.length).toBeGreaterThan(1);
      const { version, messages } = loadPrompt(made.out, file, 'small/gpt-4o-mini');
      expect(version).toBe('1.1.0');
      expect(statedRules(messages[0]?.content ?? '')).toHaveLength(rules.length);
      expect(made.writer.received[0]?.body).toMatchObject({ temperature: 0, model: 'gpt-4o-mini' });
      expect(made.task.stats().rejected + made.writer.stats().rejected).toBe(0);
      expect(proposalIn(made)).toMatchObject({ accepted: true, to: '1.1.0' });
    },
  );
});

it('the way to the new version can be read in the report', async () => {
  const made = await parcelsRepository();
  await optimize(made, 'reflection');
  const { candidates } = proposalIn(made).search;
  let candidate = candidates.find(({ fate }) => fate === 'picked');
  let steps = 0;
  for (; candidate && candidate.parent !== null; steps++) {
    expect(candidate.why).toMatch(new RegExp(`^${candidate.parent} (reworded|merged)`));
    candidate = candidates[candidate.parent];
  }
  expect(steps).toBeGreaterThan(1);
  expect(candidate?.why).toBe('the prompt as it was');
});

it.each(['reflection', 'playbook', 'auto'])(
  '%s says "no improvement" where there is no rule',
  async (strategy) => {
    const made = await parcelsRepository({ world: { shuffled: true }, calls: 320 });
    const { code, stdout } = await optimize(made, strategy);
    expect(code).toBe(0);
    expect(stdout).toContain('No improvement');
    expect(existsSync(writtenIn(made))).toBe(false);
    expect(proposalIn(made)).toMatchObject({ accepted: false, to: null, file: null });
  },
);
