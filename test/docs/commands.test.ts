import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { promptline } from '../cli/command-line.ts';
import { scratchFolder } from '../files/scratch.ts';

it('the README names every command', async () => {
  const readme = readFileSync(path.resolve(import.meta.dirname, '../../README.md'), 'utf8');
  const [, table = ''] = /\n## Commands\n([^#]*)/.exec(readme) ?? [];
  const named = [...table.matchAll(/^\| `(\w+)/gm)].map(([, name]) => name);
  const { stdout } = await promptline(scratchFolder(), ['--help']);
  const [, listed = ''] = /^Commands:\n((?: .*\n)+)/m.exec(stdout) ?? [];
  const commands = [...listed.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name);
  expect(named.toSorted()).toEqual(commands.filter((name) => name !== 'help').toSorted());
});
