import { spawnSync } from 'node:child_process';
import { existsSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFolder } from '../../src/files/create-folder.ts';
import { scratchFolder } from './scratch.ts';

const module = path.resolve(import.meta.dirname, '../../src/files/create-folder.ts');

describe('making a folder', () => {
  it('makes those above it, and takes one that is there', () => {
    const folder = path.join(scratchFolder({}), 'a/b/c');
    createFolder(folder);
    createFolder(folder);
    expect(statSync(folder).isDirectory()).toBe(true);
  });

  it.each(['file', 'file/inside', 'dangling/inside'])('ends with what is in the way of %s', (name) => {
    const folder = scratchFolder({ file: '' });
    symlinkSync(path.join(folder, 'nowhere'), path.join(folder, 'dangling'));
    expect(() => createFolder(path.join(folder, name))).toThrow(/^(EEXIST|ENOTDIR): /);
  });

  it.skipIf(!existsSync('/proc/self'))('ends where a file system takes no folders', () => {
    const script = `import { createFolder } from ${JSON.stringify(module)}; createFolder('/proc/reports/today');`;
    const { signal, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      timeout: 60_000,
      killSignal: 'SIGKILL',
    });
    expect(signal).toBe(null);
    expect(stderr).toContain("ENOENT: no such file or directory, mkdir '/proc/reports'");
  });
});
