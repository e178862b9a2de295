import { expect, it } from 'vitest';
import { clientOf, runningEmulator } from './running.ts';

const place = { owner: 'octo', repo: 'app' };
const issue = { ...place, title: 'Title' };

it('refuses credentials that it did not give', async () => {
  const emulator = await runningEmulator();
  await emulator.repository('octo/app');
  const get = clientOf(emulator, 'ghs_none').rest.repos.get(place);
  await expect(get).rejects.toMatchObject({
    status: 401,
    response: { data: { message: 'Bad credentials', status: '401' } },
  });
});

it('gives a GITHUB_TOKEN only what the workflow names, and a fork only reading', async () => {
  const emulator = await runningEmulator();
  const repository = await emulator.repository('octo/app');
  const issues = clientOf(emulator, emulator.tokens.workflow(repository, { issues: 'write' }));
  await issues.rest.issues.create(issue);
  const tag = issues.rest.git.createRef({ ...place, ref: 'refs/tags/v1', sha: '0'.repeat(40) });
  await expect(tag).rejects.toMatchObject({
    status: 403,
    response: { data: { message: 'Resource not accessible by integration' } },
  });
  const fork = clientOf(emulator, emulator.tokens.workflow(repository, { issues: 'write' }, { fork: true }));
  await expect(fork.rest.issues.create(issue)).rejects.toMatchObject({ status: 403 });
  await expect(fork.rest.issues.listForRepo(place)).resolves.toMatchObject({ status: 200 });
});

it('hides a private repository from those who have no right to it', async () => {
  const emulator = await runningEmulator();
  const repository = await emulator.repository('octo/app', {
    private: true,
    collaborators: { mona: 'read' },
  });
  const other = await emulator.repository('octo/other');
  const hidden = { status: 404, response: { data: { message: 'Not Found' } } };
  const job = clientOf(emulator, emulator.tokens.workflow(other, { contents: 'write' }));
  await expect(job.rest.repos.get(place)).rejects.toMatchObject(hidden);
  const stranger = clientOf(emulator, emulator.tokens.classic('mallory'));
  await expect(stranger.rest.repos.get(place)).rejects.toMatchObject(hidden);
  expect((await fetch(`${emulator.urls.api}/repos/octo/app`)).status).toBe(404);
  const unscoped = clientOf(emulator, emulator.tokens.classic('mona', ['public_repo']));
  await expect(unscoped.rest.repos.get(place)).rejects.toMatchObject(hidden);
  const mona = clientOf(emulator, emulator.tokens.classic('mona'));
  await expect(mona.rest.repos.get(place)).resolves.toMatchObject({ data: { permissions: { push: false } } });
  await expect(mona.rest.issues.createLabel({ ...place, name: 'x' })).rejects.toMatchObject({ status: 404 });
  const none = clientOf(emulator, emulator.tokens.workflow(repository, { issues: 'read' }));
  const content = none.rest.repos.getContent({ ...place, path: 'README.md' });
  await expect(content).rejects.toMatchObject({ status: 403 });
});

it('knows who a token is', async () => {
  const emulator = await runningEmulator();
  const repository = await emulator.repository('octo/app');
  const person = clientOf(emulator, emulator.tokens.classic('octo'));
  await expect(person.rest.users.getAuthenticated()).resolves.toMatchObject({
    data: { login: 'octo', type: 'User' },
  });
  const app = clientOf(
    emulator,
    emulator.tokens.installation('prompt-bot', [repository], { contents: 'read' }),
  );
  await expect(app.rest.users.getAuthenticated()).rejects.toMatchObject({ status: 403 });
  const { data: bot } = await app.rest.users.getByUsername({ username: 'prompt-bot[bot]' });
  expect(bot).toMatchObject({ login: 'prompt-bot[bot]', type: 'Bot' });
  const pat = clientOf(emulator, emulator.tokens.fineGrained('octo', [repository], { issues: 'read' }));
  await expect(pat.rest.issues.create(issue)).rejects.toThrow(/not accessible by personal access token/);
});
