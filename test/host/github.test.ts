import { expect, it } from 'vitest';
import { openGitHub } from '../../src/host/github/github.ts';
import { runningEmulator } from '../emulator/running.ts';

it('asks again who the token belongs to where that failed once', async () => {
  const emulator = await runningEmulator();
  const repository = await emulator.repository('octo/app', { files: { 'README.md': 'one\n' } });
  const token = emulator.tokens.workflow(repository, { contents: 'read' });
  const host = openGitHub({ token, repository: 'octo/app', apiUrl: emulator.urls.api, note: () => {} });
  emulator.inject({ on: 'graphql:viewer', fault: { kind: 'status', status: 403 } });
  await expect(host.startsWorkflows()).rejects.toThrow('who the token belongs to');
  expect(await host.startsWorkflows()).toBe(false);
});
