import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { openStateBranch } from '../../src/host/git-state-branch.ts';
import type { StateBranch } from '../../src/host/state-branch.ts';
import { scratchFolder } from '../files/scratch.ts';

const branchName = 'promptline-rollouts';

const environment = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' };

/** Runs Git as somebody with a name and nothing else of this machine. */
export function git(folder: string, ...args: string[]): string {
  const named = ['-c', 'user.name=ada', '-c', 'user.email=ada@example.org', '-c', 'init.defaultBranch=main'];
  return execFileSync('git', [...named, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trimEnd();
}

/** A bare repository with three commits on `main`, and clones of it. */
export function remoteRepository() {
  const folder = scratchFolder({ 'seed/README.md': 'one\n' });
  const remote = path.join(folder, 'remote.git');
  const seed = path.join(folder, 'seed');
  git(folder, 'init', '--quiet', '--bare', remote);
  git(seed, 'init', '--quiet');
  git(seed, 'add', '.');
  for (const message of ['one', 'two', 'three'])
    git(seed, 'commit', '--quiet', '--allow-empty', '-m', message);
  git(seed, 'push', '--quiet', remote, 'main');
  let clones = 0;
  return {
    remote,
    /** The commits of the state branch, the newest first. */
    history: () => git(remote, 'log', '--format=%s', branchName).split('\n'),
    show: (file: string) => git(remote, 'show', `${branchName}:${file}`),
    clone(...options: string[]): string {
      clones += 1;
      const clone = path.join(folder, `clone-${clones}`);
      git(folder, 'clone', '--quiet', ...options, `file://${remote}`, clone);
      return clone;
    },
  };
}

/** The state branch as a checkout sees it. */
export async function stateBranch(
  clone: string,
  more: Readonly<Record<string, string>> = {},
  options: { readonly renewAfter?: number } = {},
): Promise<StateBranch> {
  const own = { name: branchName, environment: { ...environment, ...more } };
  const branch = await openStateBranch(clone, { ...own, ...options });
  onTestFinished(() => branch.close());
  return branch;
}

/** Everything of a checkout that must not change: its references, its index, its files and its settings. */
export function contentsOfCheckout(clone: string): string {
  return [
    git(clone, 'for-each-ref'),
    git(clone, 'status', '--porcelain', '--ignored'),
    git(clone, 'ls-files', '--stage'),
    git(clone, 'count-objects', '-v'),
    readFileSync(path.join(clone, '.git/config'), 'utf8'),
  ].join('\n');
}
