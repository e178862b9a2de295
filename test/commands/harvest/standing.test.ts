import { expect, it } from 'vitest';
import { standingOf } from '../../../src/commands/harvest/standing.ts';
import { openGitHub } from '../../../src/host/github/github.ts';
import { runningEmulator } from '../../emulator/running.ts';

const places = { train: 'data/mood/train.jsonl', unlabelled: 'data/mood/unlabelled.jsonl' };
const branch = 'promptline-harvest/mood';
const rows = (...ids: readonly string[]) =>
  ids.map((id) => `${JSON.stringify({ id, input: { text: id }, expected: { mood: 'good' } })}\n`).join('');

it('does not take a row for a new one that was removed from the base while the pull request was open', async () => {
  const emulator = await runningEmulator();
  const repository = await emulator.repository('octo/app', {
    files: { [places.train]: rows('kept', 'removed') },
  });
  const permissions = { contents: 'write', 'pull-requests': 'write' } as const;
  const token = emulator.tokens.workflow(repository, permissions);
  const host = openGitHub({ token, repository: 'octo/app', apiUrl: emulator.urls.api, note: () => {} });
  const begun = await host.defaultBranch();
  const write = async (name: string, parent: string, content: string) =>
    host.publishBranch({
      name,
      parent,
      expected: (await host.branch(name))?.commit ?? null,
      files: [{ path: places.train, content }],
      message: { headline: name, body: content },
    });
  await write(branch, begun.commit, rows('kept', 'removed', 'harvested'));
  await host.openPullRequest({ branch, base: 'main', title: 'Rows', body: 'Rows' });
  await write('main', begun.commit, rows('kept'));
  const { open } = await standingOf(host, 'mood', places);
  expect(open.map(({ id }) => id)).toEqual(['harvested']);
});
