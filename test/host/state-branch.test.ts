import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { PermissionError } from '../../src/host/repository-host.ts';
import type { StateBranch } from '../../src/host/state-branch.ts';
import { runningEmulator } from '../emulator/running.ts';
import { filesBelow, scratchFolder } from '../files/scratch.ts';
import { contentsOfCheckout, git, remoteRepository, stateBranch } from './remote-repository.ts';

const write = (branch: StateBranch, expected: string | null, content: string, file = 'state/a/b.json') =>
  branch.commit({ expected, files: [{ path: file, content }], message: content });

describe('the state branch', () => {
  it('begins with its first commit, without the history of the code', async () => {
    const { clone, history, show, remote } = remoteRepository();
    const branch = await stateBranch(clone());
    expect(await branch.read()).toEqual({ commit: null, files: new Map() });
    const first = await write(branch, null, 'first');
    expect(await branch.read()).toEqual({ commit: first, files: new Map([['state/a/b.json', 'first']]) });
    expect(history()).toEqual(['first']);
    expect(show('state/a/b.json')).toBe('first');
    expect(git(remote, 'log', '--format=%s', 'main')).toBe('three\ntwo\none');
  });

  it('gets all files of a change in one commit and keeps the others', async () => {
    const { clone, history } = remoteRepository();
    const branch = await stateBranch(clone());
    const first = await write(branch, null, 'first', 'kept.txt');
    const files = [
      { path: 'state/family/näme.json', content: 'Zeile\r\nline\n' },
      { path: 'flags.json', content: '{}' },
    ];
    const second = await branch.commit({ expected: first, files, message: 'second\n\nwith a body' });
    const read = await (await stateBranch(clone())).read();
    expect(read.commit).toBe(second);
    expect(Object.fromEntries(read.files)).toEqual({
      'kept.txt': 'first',
      'flags.json': '{}',
      'state/family/näme.json': 'Zeile\r\nline\n',
    });
    expect(history()).toEqual(['second', 'first']);
  });

  it.each([
    ['a full clone', []],
    ['a shallow clone', ['--depth=1']],
    ['a clone without files', ['--no-checkout', '--filter=blob:none']],
  ])('leaves %s as it is', async (_, options) => {
    const { clone, remote } = remoteRepository();
    git(remote, 'config', 'uploadpack.allowFilter', 'true');
    const checkout = clone(...options);
    writeFileSync(path.join(checkout, 'draft.txt'), 'mine');
    const before = contentsOfCheckout(checkout);
    const branch = await stateBranch(checkout);
    const first = await write(branch, null, 'first');
    await write(branch, first, 'second');
    await branch.read();
    expect(contentsOfCheckout(checkout)).toBe(before);
    expect(readFileSync(path.join(checkout, 'draft.txt'), 'utf8')).toBe('mine');
  });

  it('lets one of two writers win, and the other go on after reading', async () => {
    const { clone, history } = remoteRepository();
    const [one, two] = [await stateBranch(clone()), await stateBranch(clone('--depth=1'))];
    const begun = await Promise.all([write(one, null, 'one'), write(two, null, 'two')]);
    expect(begun.filter((commit) => commit !== null)).toHaveLength(1);
    const { commit } = await one.read();
    expect((await two.read()).commit).toBe(commit);
    const next = await Promise.all([write(one, commit, 'three'), write(two, commit, 'four')]);
    expect(next.filter((made) => made !== null)).toHaveLength(1);
    const loser = next[0] === null ? one : two;
    expect(await write(loser, commit, 'late')).toBeNull();
    expect(await write(loser, (await loser.read()).commit, 'five')).not.toBeNull();
    expect(history()).toHaveLength(3);
  });

  it('loses no accepted write and keeps no refused one, in any order of reads and writes', async () => {
    const step = fc.record({ writer: fc.nat(2), does: fc.constantFrom('read', 'write') });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 10 }), async (steps) => {
        const { clone, history } = remoteRepository();
        const writers = [await stateBranch(clone()), await stateBranch(clone()), await stateBranch(clone())];
        const known: (string | null)[] = [null, null, null];
        let head: string | null = null;
        const accepted: string[] = [];
        for (const [index, { writer, does }] of steps.entries()) {
          const branch = writers[writer]!;
          if (does === 'read') {
            known[writer] = (await branch.read()).commit;
            expect(known[writer]).toBe(head);
            continue;
          }
          const made = await write(branch, known[writer]!, `write ${index}`);
          expect(made !== null).toBe(known[writer] === head);
          if (made === null) continue;
          known[writer] = made;
          head = made;
          accepted.unshift(`write ${index}`);
        }
        if (accepted.length > 0) expect(history()).toEqual(accepted);
      }),
      { numRuns: 5 },
    );
  });

  it('refuses to write on a branch that was set back or taken away', async () => {
    const { clone, remote } = remoteRepository();
    const branch = await stateBranch(clone());
    const first = await write(branch, null, 'first');
    const second = await write(branch, first, 'second');
    git(remote, 'update-ref', `refs/heads/${branch.name}`, first!);
    expect(await write(branch, second, 'third')).toBeNull();
    git(remote, 'update-ref', '-d', `refs/heads/${branch.name}`);
    expect(await write(branch, first, 'third')).toBeNull();
  });

  it('tells an outage from a race, and writes nothing', async () => {
    const { clone, remote } = remoteRepository();
    const branch = await stateBranch(clone());
    const first = await write(branch, null, 'first');
    git(remote, 'config', 'core.bare', 'nonsense');
    await expect(write(branch, first, 'second')).rejects.toMatchObject({
      kind: 'outside',
      message: expect.stringContaining(`the branch ${branch.name} of file://${remote} could not be written`),
    });
    git(path.dirname(remote), 'config', '--file', path.join(remote, 'config'), 'core.bare', 'true');
    expect((await branch.read()).commit).toBe(first);
  });

  it('reads a link as the text it is', async () => {
    const { clone } = remoteRepository();
    const hostile = clone();
    git(hostile, 'checkout', '--quiet', '--orphan', 'promptline-rollouts');
    symlinkSync('/etc/passwd', path.join(hostile, 'flags.json'));
    git(hostile, 'add', 'flags.json');
    git(hostile, 'commit', '--quiet', '-m', 'link');
    git(hostile, 'push', '--quiet', 'origin', 'promptline-rollouts');
    const branch = await stateBranch(clone());
    expect((await branch.read()).files.get('flags.json')).toBe('/etc/passwd');
  });

  it('is not taken for another branch whose name ends alike', async () => {
    const { clone, remote } = remoteRepository();
    const branch = await stateBranch(clone());
    git(remote, 'update-ref', `refs/heads/a/refs/heads/${branch.name}`, 'main');
    expect((await branch.read()).commit).toBeNull();
    expect(await write(branch, null, 'first')).not.toBeNull();
  });

  it('keeps little of what it has seen, however long it is open', async () => {
    const { clone, history } = remoteRepository();
    const folder = scratchFolder();
    vi.stubEnv('TMPDIR', folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    const branch = await stateBranch(clone(), {}, { renewAfter: 4 });
    vi.unstubAllEnvs();
    const another = await stateBranch(clone());
    let at: string | null = null;
    for (let round = 1; round <= 5; round++) {
      at = await write(branch, at, `mine ${round}`);
      await write(another, at, `another's ${round}`, 'state/c.json');
      const { commit, files } = await branch.read();
      expect(files.get('state/a/b.json')).toBe(`mine ${round}`);
      expect(files.get('state/c.json')).toBe(`another's ${round}`);
      // Refused as always.
      expect(await write(branch, at, 'too late')).toBeNull();
      at = commit;
    }
    expect(history()).toHaveLength(10);
    const objects = Object.keys(filesBelow(folder)).filter((file) => /objects\/..\//.test(file));
    expect(objects.length).toBeLessThan(30);
  });

  it('needs a clone', async () => {
    const { clone } = remoteRepository();
    const checkout = clone();
    git(checkout, 'remote', 'remove', 'origin');
    await expect(stateBranch(checkout)).rejects.toThrow('no Git repository with a remote `origin`');
    rmSync(path.join(checkout, '.git'), { recursive: true });
    await expect(stateBranch(checkout)).rejects.toThrow('no Git repository with a remote `origin`');
  });
});

describe('the state branch on GitHub', () => {
  async function checkout() {
    const emulator = await runningEmulator();
    const repository = await emulator.repository('octo/app');
    const { clone } = remoteRepository();
    const folder = clone();
    git(folder, 'remote', 'set-url', 'origin', `${emulator.urls.server}/octo/app`);
    const token = (contents: 'read' | 'write') => emulator.tokens.workflow(repository, { contents });
    const header = (of: string) =>
      `AUTHORIZATION: basic ${Buffer.from(`x-access-token:${of}`).toString('base64')}`;
    return { emulator, repository, folder, token, header, server: emulator.urls.server };
  }

  it('is written with the header that a checkout left, included from another file too', async () => {
    const { folder, token, header, server } = await checkout();
    const elsewhere = path.join(folder, '..', 'credentials.config');
    git(folder, 'config', '--file', elsewhere, `http.${server}/.extraheader`, header(token('write')));
    git(folder, 'config', 'include.path', elsewhere);
    const branch = await stateBranch(folder);
    const first = await write(branch, null, 'first');
    expect((await branch.read()).commit).toBe(first);
  });

  it('is written with the token of the environment, whatever the checkout left', async () => {
    const { folder, token, header, server, emulator } = await checkout();
    git(folder, 'config', `http.${server}/.extraheader`, header(token('read')));
    const branch = await stateBranch(folder, { GITHUB_TOKEN: token('write'), GITHUB_SERVER_URL: server });
    expect(await write(branch, null, 'first')).not.toBeNull();
    expect(emulator.operations.get('git-receive-pack')).toBeGreaterThan(0);
  });

  it('names the permission that is missing, and never the token', async () => {
    const { folder, token, server } = await checkout();
    const reading = token('read');
    const branch = await stateBranch(folder, { GITHUB_TOKEN: reading, GITHUB_SERVER_URL: server });
    const error = await write(branch, null, 'first').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PermissionError);
    expect(error).toMatchObject({ hint: expect.stringContaining('contents: write') });
    expect(String(error)).not.toContain(reading);
  });

  it('sends the token to its own server only', async () => {
    const { folder, token } = await checkout();
    const elsewhere = { GITHUB_TOKEN: token('write'), GITHUB_SERVER_URL: 'https://github.test' };
    const branch = await stateBranch(folder, elsewhere);
    await expect(write(branch, null, 'first')).rejects.toBeInstanceOf(PermissionError);
  });

  it('takes a push whose answer was lost for what it is: done', async () => {
    const { folder, token, server, emulator } = await checkout();
    const branch = await stateBranch(folder, { GITHUB_TOKEN: token('write'), GITHUB_SERVER_URL: server });
    const first = await write(branch, null, 'first');
    emulator.inject({ on: 'git-receive-pack', fault: { kind: 'cut', effect: true } });
    const second = await write(branch, first, 'second');
    expect(second).not.toBeNull();
    expect((await branch.read()).commit).toBe(second);
    emulator.inject({ on: 'git-receive-pack', fault: { kind: 'status', status: 503 } });
    await expect(write(branch, second, 'third')).rejects.toMatchObject({ kind: 'outside' });
    expect((await branch.read()).commit).toBe(second);
  });
});
