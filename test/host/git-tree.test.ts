import { chmodSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { openTree } from '../../src/host/git-tree.ts';
import { scratchFolder } from '../files/scratch.ts';

afterEach(() => vi.unstubAllEnvs());

/** A Git that ends so; another user's folder takes the rights of the system's owner to make. */
function gitThatSays(words: string): void {
  const folder = scratchFolder({ git: `#!/bin/sh\necho "${words}" >&2\nexit 128\n` });
  chmodSync(path.join(folder, 'git'), 0o755);
  vi.stubEnv('PATH', `${folder}${path.delimiter}${process.env['PATH']}`);
}

it('says how Git is brought to read the repository of another user, as a container finds it', async () => {
  gitThatSays("fatal: detected dubious ownership in repository at '/srv/a shop'");
  await expect(openTree(scratchFolder(), 'HEAD')).rejects.toMatchObject({
    message: 'Git does not read the repository /srv/a shop, which belongs to another user',
    hint: expect.stringContaining('safe.directory "/srv/a shop"'),
  });
});

it('says that there is no repository where there is none', async () => {
  await expect(openTree(scratchFolder(), 'HEAD')).rejects.toThrow('there is no Git repository here');
});
