import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { displayPath, resolveInside } from '../../src/files/paths.ts';
import { refusal, scratchFolder } from './scratch.ts';

function repository() {
  const folder = scratchFolder({ 'repo/data/train.yaml': '', 'secret/key.yaml': '', 'repo-twin/a.yaml': '' });
  const root = path.join(folder, 'repo');
  return { folder, root, resolve: (relative: string) => refusal(() => resolveInside(root, relative)) };
}

const refused = (relative: string) => [`"${relative}" leads out of the repository. Name a path inside it.`];

describe('a path in a file of the user', () => {
  it('may name anything inside the repository, there or not', () => {
    const { root } = repository();
    expect(resolveInside(root, 'data/train.yaml')).toBe(path.join(root, 'data/train.yaml'));
    expect(resolveInside(root, './data/../new/dev.yaml')).toBe(path.join(root, 'new/dev.yaml'));
    expect(resolveInside(root, '..data')).toBe(path.join(root, '..data'));
    expect(resolveInside(root, '.')).toBe(root);
  });

  it.each(['..', '../secret/key.yaml', 'data/../../secret/key.yaml', '../repo-twin/a.yaml', '/etc/passwd'])(
    'may not leave it as %s',
    (relative) => {
      expect(repository().resolve(relative)).toEqual(refused(relative));
    },
  );

  it('may not leave it through a symbolic link, to a file, a folder or below one', () => {
    const { folder, root, resolve } = repository();
    symlinkSync(path.join(folder, 'secret'), path.join(root, 'folder'));
    symlinkSync('../../secret/key.yaml', path.join(root, 'data/key.yaml'));
    for (const relative of ['folder', 'folder/key.yaml', 'folder/new.yaml', 'data/key.yaml']) {
      expect(resolve(relative)).toEqual(refused(relative));
    }
  });

  it('may use links that stay inside, also when the repository itself is behind one', () => {
    const { folder, root } = repository();
    symlinkSync(path.join(root, 'data'), path.join(root, 'linked'));
    symlinkSync(root, path.join(folder, 'alias'));
    expect(resolveInside(root, 'linked/train.yaml')).toBe(path.join(root, 'linked/train.yaml'));
    const alias = path.join(folder, 'alias');
    expect(refusal(() => resolveInside(root, '../alias/data'))).toEqual(refused('../alias/data'));
    expect(resolveInside(alias, 'data/train.yaml')).toBe(path.join(alias, 'data/train.yaml'));
  });

  it('is shown from the repository where it lies inside, and whole where not', () => {
    const { folder, root } = repository();
    mkdirSync(path.join(root, 'a'));
    expect(displayPath(root, path.join(root, 'a', 'b.yaml'))).toBe('a/b.yaml');
    expect(displayPath(root, path.join(folder, 'secret'))).toBe(path.join(folder, 'secret'));
  });
});
