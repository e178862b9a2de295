import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { actionReference } from '../../src/commands/init/action-reference.ts';
import { version } from '../../src/version.ts';
import { scratchFolder } from '../files/scratch.ts';

/** A server with one repository, whose tag is that of our version. */
function server(): { address: string; commit: string } {
  const top = scratchFolder();
  const folder = path.join(top, 'owner/name');
  mkdirSync(folder, { recursive: true });
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
  git('init', '--quiet');
  git('commit', '--quiet', '--allow-empty', '--message', 'first');
  git('tag', `v${version}`);
  return { address: pathToFileURL(top).href, commit: git('rev-parse', 'HEAD').trim() };
}

const packageOf = (repository: unknown) =>
  scratchFolder({ 'package.json': JSON.stringify({ name: 'promptline', repository }) });

it.each([
  ['github:owner/name'],
  ['owner/name'],
  ['https://github.com/owner/name'],
  [{ type: 'git', url: 'git+https://github.com/owner/name.git' }],
])("takes the package's repository at the tag of its version: %j", async (repository) => {
  const { address, commit } = server();
  const environment = { PATH: process.env['PATH'], GITHUB_SERVER_URL: address };
  expect(await actionReference(undefined, environment, packageOf(repository))).toEqual({
    action: `owner/name@${commit}`,
    version,
  });
});

it.each([
  ['nothing is known', undefined, {}],
  ['the option is an option of git', 'owner/name@--upload-pack=touch', {}],
  [
    'the running action is no repository',
    undefined,
    { GITHUB_ACTION_REPOSITORY: '../x', GITHUB_ACTION_REF: 'v1' },
  ],
])('names the option where %s', async (_, given, environment) => {
  const asked = actionReference(given, environment, packageOf(undefined));
  await expect(asked).rejects.toMatchObject({
    kind: 'input',
    hint: 'Name it by its commit: --action owner/name@SHA',
  });
});

it('names the option where the server has no such tag', async () => {
  const environment = { PATH: process.env['PATH'], GITHUB_SERVER_URL: server().address };
  const asked = actionReference('owner/name@v9', environment, packageOf(undefined));
  await expect(asked).rejects.toMatchObject({
    kind: 'outside',
    message: expect.stringMatching(/no tag or branch "v9"/),
  });
});
