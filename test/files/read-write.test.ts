import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readText, writeWhole } from '../../src/files/read-write.ts';
import { refusal, scratchFolder } from './scratch.ts';

const module = path.resolve(import.meta.dirname, '../../src/files/read-write.ts');

describe('reading a text', () => {
  it('drops the byte order mark and keeps every other byte', () => {
    const folder = scratchFolder({ 'a.yaml': '\ufeffa: é\r\n\u{1f600}\ufeff' });
    expect(readText(path.join(folder, 'a.yaml'), 'a.yaml')).toBe('a: é\r\n\u{1f600}\ufeff');
  });

  it.each([
    ['missing.yaml', 'x.yaml: the file does not exist. Check the path.'],
    ['folder', 'x.yaml: the file is a folder. Check the path.'],
    ['latin.yaml', 'x.yaml: the file is not UTF-8 text. Save it as UTF-8.'],
  ])('refuses %s', (name, message) => {
    const folder = scratchFolder({ 'folder/x': '', 'latin.yaml': Buffer.from('caf\xe9', 'latin1') });
    expect(refusal(() => readText(path.join(folder, name), 'x.yaml'))).toEqual([message]);
  });
});

describe('writing a file whole', () => {
  it('makes the folders, replaces what was there and leaves no other file', () => {
    const folder = scratchFolder({ 'a/b/c.txt': 'old and longer' });
    writeWhole(path.join(folder, 'a/b/c.txt'), 'new é');
    writeWhole(path.join(folder, 'd/e.txt'), '');
    expect(readFileSync(path.join(folder, 'a/b/c.txt'), 'utf8')).toBe('new é');
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual([
      'a',
      'a/b',
      'a/b/c.txt',
      'd',
      'd/e.txt',
    ]);
  });

  it('leaves what was there when the disk takes no more, and no temporary file', () => {
    const folder = scratchFolder({ 'report.json': 'old' });
    const file = path.join(folder, 'report.json');
    const script = `import { writeWhole } from ${JSON.stringify(module)};
      try { writeWhole(process.argv[1], 'x'.repeat(1e6)); } catch (error) {
        console.log(JSON.stringify([error.kind, error.message.replace(process.argv[1], 'FILE')]));
      }`;
    const { stdout, stderr } = spawnSync(
      'bash',
      ['-c', 'ulimit -f 64; exec "$@"', 'bash', process.execPath, '--input-type=module', '-e', script, file],
      { encoding: 'utf8' },
    );
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual(['outside', 'FILE cannot be written: the disk is full (EFBIG)']);
    expect(readdirSync(folder)).toEqual(['report.json']);
    expect(readFileSync(file, 'utf8')).toBe('old');
  });

  it('says so when the place cannot be written, and leaves no temporary file', () => {
    const folder = scratchFolder({ file: '' });
    mkdirSync(path.join(folder, 'taken'));
    writeFileSync(path.join(folder, 'taken/x'), '');
    expect(refusal(() => writeWhole(path.join(folder, 'file/a.txt'), 'x'))[0]).toMatch(
      /cannot be written: a file is where a folder is to be \(E\w+\)\. Move it away or/,
    );
    expect(refusal(() => writeWhole(path.join(folder, 'taken'), 'x'))[0]).toMatch(
      /cannot be written: EISDIR\./,
    );
    expect(readdirSync(folder).sort()).toEqual(['file', 'taken']);
  });

  it('puts no file in the place of a pipe', () => {
    const pipe = path.join(scratchFolder({}), 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(refusal(() => writeWhole(pipe, 'x'))[0]).toMatch(/cannot be written: it is a device or a pipe\./);
    expect(statSync(pipe).isFIFO()).toBe(true);
  });
});
