import { describe, expect, it } from 'vitest';
import { startRollouts } from '../../src/commands/release/start-rollouts.ts';
import { byHand } from '../../src/commands/rollouts/by-hand.ts';
import { carryOut } from '../../src/commands/rollouts/carry-out.ts';
import { loadRollouts } from '../../src/commands/rollouts/state-files.ts';
import { describeError } from '../../src/errors.ts';
import { parsePrompt } from '../../src/prompts/load.ts';
import { stateBranch } from '../host/remote-repository.ts';
import { byPerson, minute, prompt, release, released } from '../rollout/fixtures.ts';
import { stateOf } from '../runtime/fixtures.ts';
import { minutes, outsideOf, production, rolledOut, simulatedClock, watch } from '../watch/rolled-out.ts';

const other = 'summarization/default';
const file = `state/${other}.json`;

/** Two rollouts under way, one with a state that somebody broke. */
async function oneBroken() {
  const rollout = await rolledOut();
  const { outside, branch } = rollout;
  const state = stateOf(other, released('1.0.0'), released('1.1.0'));
  const transition = { state, effects: [{ do: 'state' as const, state }], refused: null };
  await carryOut(outside, await loadRollouts(branch), [transition]);
  const good = rollout.show(file);
  const put = async (...files: { path: string; content: string }[]) => {
    const { commit } = await branch.read();
    await branch.commit({ expected: commit, files, message: 'by hand' });
  };
  const flag = () => rollout.manifest().flags[`prompt.${other}`];
  const before = flag();
  await put({ path: file, content: good.slice(0, 500) });
  return { ...rollout, put, good, flag, before };
}

const error = `${file}: this is no rollout state of form 1: the file: Invalid input: expected object, received undefined. Take the last good commit of the state branch, or a promptline that knows this form.`;

describe('a state that cannot be read', () => {
  it('stops its own rollout, loudly, and no other; what it served is served on', async () => {
    const { put, good, flag, before, ...rollout } = await oneBroken();
    const traffic = production(rollout, { usersPerMinute: 600, success: { '1.0.0': 0.9, '1.1.0': 0.5 } });
    const clock = simulatedClock({ until: 60 * minutes, happens: traffic.second });
    const notes: string[] = [];
    const { happened, broken } = await watch(rollout, clock, { notes });
    expect(happened.at(-1)).toMatchObject({ prompt, entry: { what: 'reverted' } });
    expect(notes.filter((note) => note === error)).toHaveLength(1);
    expect(broken.map(describeError)).toEqual([error]);
    expect(rollout.show(file)).toBe(good.slice(0, 500));
    expect(before?.variants.canary?.version).toBe('1.1.0');
    expect(flag()).toEqual(before);
    expect(rollout.show('README.md')).toContain('**summarization/default** is neither watched nor changed');
  });

  it('is watched again when somebody restores it', async () => {
    const { put, good, ...rollout } = await oneBroken();
    const clock = simulatedClock({
      until: 3 * minutes,
      happens: (at) => (at === minutes ? put({ path: file, content: good }) : undefined),
    });
    const { states, broken } = await watch(rollout, clock, { prompts: [other], follow: true });
    expect(states.map((state) => state.prompt)).toEqual([other]);
    expect(broken).toEqual([]);
  });

  it('is not begun anew by a release, which begins that of others', async () => {
    const { outside, show } = await oneBroken();
    const releasedPrompt = (id: string) => {
      const source = 'version: 1.2.0\nmodel: local/echo\nmessages: [{ role: user, content: hello }]\n';
      const parsed = parsePrompt(source, { id, shown: 'default.prompt.yaml', defaultModel: undefined });
      return [id, { release: { ...release('1.2.0'), ref: `prompts/${id}@1.2.0` }, prompt: parsed }] as const;
    };
    const { started, problems } = await startRollouts(
      outside,
      new Map([releasedPrompt(prompt), releasedPrompt(other)]),
      minute(5),
    );
    expect([...started]).toEqual([[prompt, 'started 10 %']]);
    expect(problems.map(describeError)).toEqual([error]);
    expect(() => JSON.parse(show(file))).toThrow(SyntaxError);
  });

  it('is no one to advance or revert, whereas others are', async () => {
    const { folder, manifest } = await oneBroken();
    const outside = outsideOf(await stateBranch(folder));
    const by = () => byPerson('revert', 5);
    await expect(byHand(outside, other, by)).rejects.toMatchObject({ location: { file } });
    await byHand(outside, prompt, by);
    expect(manifest().flags[`prompt.${prompt}`]?.variants.canary).toBeUndefined();
    expect(manifest().flags[`prompt.${other}`]?.variants.canary).toBeDefined();
  });

  it('stops all where it is not known either what it served', async () => {
    const { branch, put } = await oneBroken();
    await put({ path: 'flags.json', content: '{' });
    await expect(loadRollouts(branch)).rejects.toMatchObject({ location: { file: 'flags.json' } });
  });
});
