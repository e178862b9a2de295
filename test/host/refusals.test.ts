import { describe, expect, it } from 'vitest';
import { PromptlineError } from '../../src/errors.ts';
import { openGitHub } from '../../src/host/github/github.ts';
import { BurnedTagError } from '../../src/host/release-host.ts';
import { runningEmulator } from '../emulator/running.ts';

async function opened() {
  const emulator = await runningEmulator();
  const repository = await emulator.repository('octo/app', { files: { 'README.md': 'one\n' } });
  const token = emulator.tokens.workflow(repository, { contents: 'write', issues: 'write' });
  const host = openGitHub({ token, repository: 'octo/app', apiUrl: emulator.urls.api, note: () => {} });
  const commit = (await repository.git.resolve('main')) ?? '';
  return { emulator, repository, host, commit };
}

async function errorOf(promise: Promise<unknown>): Promise<PromptlineError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof PromptlineError) return error;
  throw new Error('it did not fail for a person to read', { cause: error });
}

describe('a repository without a commit', () => {
  it('is told with what to do', async () => {
    const { repository, host } = await opened();
    await repository.git.text('update-ref', '-d', 'refs/heads/main');
    const { message, hint } = await errorOf(host.defaultBranch());
    expect(message).toBe('the branch main of octo/app has no commit');
    expect(hint).toMatch(/push a first commit/i);
  });

  it('is known by the answer that GitHub gives for one without any branch', async () => {
    const { emulator, host } = await opened();
    const fault = { kind: 'status', status: 409, message: 'Git Repository is empty.' } as const;
    emulator.inject({ on: 'git/get-ref', fault, times: 10 });
    expect((await errorOf(host.defaultBranch())).message).toBe('the branch main of octo/app has no commit');
  }, 60_000);
});

describe('a rule for tags', () => {
  const draft = { tag: 'prompts/a/b@1.0.0', title: 'b 1.0.0', notes: 'The first.', assets: [] };

  it("is not taken for a deleted release's hold on its name", async () => {
    const { emulator, host, commit } = await opened();
    const message =
      'Validation Failed: {"resource":"Release","code":"custom","field":"pre_receive","message":"pre_receive Repository rule violations found\\n\\nCannot create ref due to creations being restricted."}';
    emulator.inject({ on: 'repos/update-release', fault: { kind: 'status', status: 422, message } });
    const error = await errorOf(host.publishRelease({ ...draft, commit }));
    expect(error).not.toBeInstanceOf(BurnedTagError);
    expect(error.message).toContain('creations being restricted');
    expect(error.hint).toMatch(/^A rule of the repository/);
  });

  it("is told apart from that hold, of which GitHub's answer speaks", async () => {
    const { repository, host, commit } = await opened();
    repository.burnedTags.add(draft.tag);
    expect(await errorOf(host.publishRelease({ ...draft, commit }))).toBeInstanceOf(BurnedTagError);
  });
});

it('does not ask for a permission where the repository is archived', async () => {
  const { emulator, host, commit } = await opened();
  const message = 'Repository was archived so is read-only.';
  emulator.inject({ on: 'git/create-ref', fault: { kind: 'status', status: 403, message } });
  const { hint } = await errorOf(
    host.publishBranch({
      name: 'promptline/a/b',
      parent: commit,
      expected: null,
      files: [{ path: 'a.txt', content: 'a\n' }],
      message: { headline: 'a', body: '' },
    }),
  );
  expect(hint).toMatch(/archive/);
  expect(hint).not.toContain('contents: write');
});
