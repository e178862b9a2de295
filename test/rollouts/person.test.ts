import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { personOf } from '../../src/commands/rollouts/person.ts';
import { scratchFolder } from '../files/scratch.ts';

const source = pathToFileURL(path.resolve('src/commands/rollouts/person.ts')).href;

/** As containers run that give each start a user of its own. */
function asUserWithoutName(environment: Readonly<Record<string, string>>): string {
  const code = `import { personOf } from ${JSON.stringify(source)};
    console.log(await personOf({ environment: ${JSON.stringify(environment)} }, '/'));`;
  const options = { encoding: 'utf8', uid: 54_321, gid: 54_321, env: { HOME: '/nonexistent' } } as const;
  return execFileSync(process.execPath, ['--input-type=module', '-e', code], options).trim();
}

it.skipIf(process.getuid?.() !== 0)('is a number where the system knows no name', () => {
  expect(asUserWithoutName({})).toBe('user 54321');
  expect(asUserWithoutName({ GITHUB_ACTOR: 'ada' })).toBe('ada');
});

it('is whoever started the job, before the name that Git knows', async () => {
  expect(await personOf({ environment: { GITHUB_ACTOR: 'ada' } }, scratchFolder())).toBe('ada');
});
