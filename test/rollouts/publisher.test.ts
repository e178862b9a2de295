import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { byHand } from '../../src/commands/rollouts/by-hand.ts';
import { openPublisher } from '../../src/commands/rollouts/publisher.ts';
import { rolloutConfigSchema } from '../../src/config/rollout.ts';
import { describeError } from '../../src/errors.ts';
import { parseManifest } from '../../src/rollout/manifest.ts';
import { filesBelow, scratchFolder } from '../files/scratch.ts';
import { stateBranch } from '../host/remote-repository.ts';
import { byPerson, planWith, prompt } from '../rollout/fixtures.ts';
import { one, two } from '../runtime/fixtures.ts';
import { callLine, start } from '../telemetry/otlp-lines.ts';
import { minutes, seconds, simulatedClock, watch } from '../watch/rolled-out.ts';
import { servedBranch } from '../watch/served-branch.ts';

/** The store is a folder, and this copies to it, unless something tells it not to. */
const script = `
import { appendFileSync, cpSync, existsSync, rmSync } from 'node:fs';
const [from, store, log] = process.argv.slice(2);
appendFileSync(log, 'run\\n');
if (existsSync(log + '.down')) { console.error('the store is down'); process.exit(7); }
if (existsSync(log + '.slow')) { rmSync(log + '.slow'); await new Promise((done) => setTimeout(done, 3000)); }
cpSync(from, store, { recursive: true });
`;

async function withStore({ timeout = '1m' } = {}) {
  const branch = await servedBranch(planWith());
  const root = scratchFolder({ 'publish.mjs': script });
  const [store, log] = [path.join(root, 'the store'), path.join(root, 'log')];
  const command = [process.execPath, './publish.mjs', '{folder}', store, log];
  /** As another process has it. */
  const publisher = (own = branch.branch, other = command) =>
    openPublisher(own, { command: other, timeout, root, environment: { PATH: process.env['PATH'] } });
  return {
    ...branch,
    root,
    outside: { ...branch.outside, publisher: publisher() },
    publisher,
    runs: () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').length - 1 : 0),
    make: (state: 'down' | 'slow') => writeFileSync(`${log}.${state}`, ''),
    mend: () => rmSync(`${log}.down`),
    published: () => filesBelow(store),
    canary() {
      const manifest = parseManifest(readFileSync(path.join(store, 'flags.json'), 'utf8'), 'flags.json');
      return manifest.flags[`prompt.${prompt}`]?.variants.canary?.version ?? null;
    },
  };
}

const by = () => byPerson('revert', 5);
const failed =
  'what is served was not published: the command of rollout.publish: it ended with exit code 7: the store is down. The branch has it, and the next look of watch tries again.';

describe('publishing', () => {
  it('may take longer than a timer can wait', async () => {
    const { release, publisher, published, branch } = await withStore({ timeout: '30d' });
    await release(one, start);
    await publisher().publish((await branch.read()).commit);
    expect(Object.keys(published())).toContain('flags.json');
  });

  it('brings the manifest and its contents, and nothing else, after each change of what is served', async () => {
    const { release, published, outside, runs, canary } = await withStore();
    await release(one, start, outside);
    expect(Object.keys(published()).toSorted()).toEqual(['flags.json', `prompts/${prompt}@1.0.0.json`]);
    await release(two, start, outside);
    expect(canary()).toBe('1.1.0');
    expect(JSON.parse(published()[`prompts/${prompt}@1.1.0.json`] ?? '')).toEqual(two.document);
    await byHand(outside, prompt, by);
    expect([canary(), runs()]).toEqual([null, 3]);
  });

  it('is not done for evidence, which changes nothing for anybody', async () => {
    const { release, telemetry, runs, ...branch } = await withStore();
    await release(one, start, branch.outside);
    await release(two, start, branch.outside);
    const clock = simulatedClock({
      until: 20 * minutes,
      happens: (at) => appendFileSync(telemetry, callLine({ at, user: `${at}`, version: '1.0.0' })),
    });
    await watch(branch, clock, { interval: 5 * minutes });
    expect(branch.history().filter((message) => message.endsWith('evidence')).length).toBeGreaterThan(0);
    expect(runs()).toBe(2);
  });

  it('that fails changes nothing on the branch, and is tried at each look until it works', async () => {
    const { release, make, mend, canary, runs, ...branch } = await withStore();
    await release(one, start, branch.outside);
    await release(two, start, branch.outside);
    make('down');
    const { problems } = await byHand(branch.outside, prompt, by);
    expect(problems.map(describeError)).toEqual([failed]);
    expect(canary()).toBe('1.1.0');
    const clock = simulatedClock({
      until: 10 * minutes,
      happens: (at) => (at === 50 * seconds ? mend() : undefined),
    });
    const notes: string[] = [];
    const outside = { ...branch.outside, publisher: branch.publisher() };
    const { end, problems: left } = await watch({ ...branch, outside }, clock, { notes });
    expect([end, clock.passed(), canary()]).toEqual(['nothing under way', 60 * seconds, null]);
    expect(notes).toEqual([failed]);
    expect(left).toEqual([]);
    expect(runs()).toBe(8);
  });

  it('is made up for after a kill between the commit and its end', async () => {
    const { release, canary, published, ...branch } = await withStore();
    await release(one, start, branch.outside);
    // Nobody is there any more to publish it.
    await release(two, start);
    expect(canary()).toBeNull();
    const outside = { ...branch.outside, publisher: branch.publisher() };
    await watch({ ...branch, outside }, simulatedClock({ until: minutes }), { once: true });
    expect(canary()).toBe('1.1.0');
  });

  it('ends with what is newest where somebody else was faster', async () => {
    const { release, make, canary, runs, folder, publisher, ...branch } = await withStore();
    await release(one, start, branch.outside);
    await release(two, start);
    make('slow');
    const slow = publisher().publish('some commit');
    const other = await stateBranch(folder);
    const outside = { ...branch.outside, branch: other, publisher: publisher(other) };
    while (runs() < 2) await new Promise((done) => setTimeout(done, 20));
    await byHand(outside, prompt, by);
    expect(canary()).toBeNull();
    await slow;
    expect(canary()).toBeNull();
  });

  it('ends a command that hangs, with what that has started', async () => {
    const { release, publisher, root, branch } = await withStore({ timeout: '1s' });
    await release(one, start);
    const pid = path.join(root, 'pid');
    const hanging = ['sh', '-c', `sleep 600 & echo $! > "${pid}"; wait`, '{folder}'];
    const publish = publisher(branch, hanging).publish('some commit');
    await expect(publish).rejects.toThrow('it took longer than 1 s');
    const child = Number(readFileSync(pid, 'utf8'));
    await vi.waitFor(() => expect(isRunning(child)).toBe(false), { timeout: 120_000 });
  });

  it('says that a program is missing, and gives none to a shell', async () => {
    const { release, publisher, root, branch } = await withStore();
    await release(one, start);
    const missing = publisher(branch, ['no-such-program', '{folder}']).publish('some commit');
    await expect(missing).rejects.toThrow('it cannot be started (ENOENT)');
    const literal = '{folder}; touch "$HOME" > made';
    await publisher(branch, [process.execPath, '-e', 'process.exit(0)', literal]).publish('some commit');
    expect(existsSync(path.join(root, 'made'))).toBe(false);
  });
});

it('the configuration asks for a command that knows what to publish', () => {
  const problems = (command: string[]) =>
    rolloutConfigSchema.safeParse({ publish: { command } }).error?.issues;
  expect(problems(['aws', 's3', 'sync', '{folder}', 's3://bucket'])).toBeUndefined();
  expect(problems(['./publish.sh'])?.[0]?.message).toBe('an argument must contain {folder}');
});

/** A zombie of a container without an init does not run. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
