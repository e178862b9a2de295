import { expect, it } from 'vitest';
import { clientOf, runningEmulator } from './running.ts';

const place = { owner: 'octo', repo: 'app' };

async function started() {
  const emulator = await runningEmulator();
  const repository = await emulator.repository('octo/app');
  const token = emulator.tokens.workflow(repository, { issues: 'write', 'pull-requests': 'write' });
  return { emulator, repository, token, client: clientOf(emulator, token) };
}

it('keeps issues, their labels and who wrote them', async () => {
  const { client } = await started();
  const { data: issue } = await client.rest.issues.create({
    ...place,
    title: 'Accuracy fell',
    labels: ['bug', 'new'],
  });
  expect(issue).toMatchObject({ number: 1, state: 'open', user: { login: 'github-actions[bot]' } });
  await client.rest.issues.addLabels({ ...place, issue_number: 1, labels: ['BUG', 'regression'] });
  const { data: labels } = await client.rest.issues.listLabelsOnIssue({ ...place, issue_number: 1 });
  expect(labels.map(({ name }) => name)).toEqual(['bug', 'new', 'regression']);
  await client.rest.issues.removeLabel({ ...place, issue_number: 1, name: 'new' });
  await client.rest.issues.update({
    ...place,
    issue_number: 1,
    state: 'closed',
    state_reason: 'not_planned',
  });
  const { data: open } = await client.rest.issues.listForRepo(place);
  expect(open).toEqual([]);
  const { data: closed } = await client.rest.issues.listForRepo({
    ...place,
    state: 'closed',
    labels: 'regression',
  });
  expect(closed).toMatchObject([{ number: 1, state_reason: 'not_planned', labels: [{ name: 'bug' }, {}] }]);
});

it('pages comments with links, at most 100 to a page', async () => {
  const { emulator, client } = await started();
  await client.rest.issues.create({ ...place, title: 'Talk' });
  for (let index = 0; index < 130; index += 1) {
    await client.rest.issues.createComment({ ...place, issue_number: 1, body: `comment ${index}` });
  }
  const first = await client.rest.issues.listComments({ ...place, issue_number: 1, per_page: 500 });
  expect(first.data).toHaveLength(100);
  expect(first.headers.link).toContain('page=2>; rel="next"');
  const all = await client.paginate(client.rest.issues.listComments, {
    ...place,
    issue_number: 1,
    per_page: 100,
  });
  expect(all.map(({ body }) => body)).toEqual(Array.from({ length: 130 }, (_, index) => `comment ${index}`));
  expect(emulator.operations.get('issues/create-comment')).toBe(130);
});

it('tells the author of a comment by the token that wrote it', async () => {
  const { emulator, client, repository } = await started();
  await client.rest.issues.create({ ...place, title: 'Talk' });
  const marker = '<!-- promptline -->';
  await client.rest.issues.createComment({ ...place, issue_number: 1, body: marker });
  const stranger = clientOf(emulator, emulator.tokens.classic('mallory', ['public_repo']));
  await stranger.rest.issues.createComment({ ...place, issue_number: 1, body: marker });
  const app = clientOf(
    emulator,
    emulator.tokens.installation('prompt-bot', [repository], { issues: 'write' }),
  );
  await app.rest.issues.createComment({ ...place, issue_number: 1, body: marker });
  const { data: comments } = await client.rest.issues.listComments({ ...place, issue_number: 1 });
  expect(comments.map(({ user }) => [user?.login, user?.type])).toEqual([
    ['github-actions[bot]', 'Bot'],
    ['mallory', 'User'],
    ['prompt-bot[bot]', 'Bot'],
  ]);
  const own = comments[0]?.id ?? 0;
  const refused = stranger.rest.issues.updateComment({ ...place, comment_id: own, body: 'mine' });
  await expect(refused).rejects.toMatchObject({ status: 403 });
});

it('refuses a comment of more than 65,536 characters', async () => {
  const { client } = await started();
  await client.rest.issues.create({ ...place, title: 'Talk' });
  const send = (length: number) =>
    client.rest.issues.createComment({ ...place, issue_number: 1, body: 'a'.repeat(length) });
  await expect(send(65_536)).resolves.toMatchObject({ status: 201 });
  await expect(send(65_537)).rejects.toMatchObject({
    status: 422,
    response: { data: { errors: [{ resource: 'IssueComment', field: 'data' }] } },
  });
});

it('finds, changes and deletes comments and labels by themselves', async () => {
  const { client } = await started();
  await client.rest.issues.create({ ...place, title: 'Talk' });
  const { data: comment } = await client.rest.issues.createComment({
    ...place,
    issue_number: 1,
    body: 'one',
  });
  await client.rest.issues.updateComment({ ...place, comment_id: comment.id, body: 'two' });
  const { data: read } = await client.rest.issues.getComment({ ...place, comment_id: comment.id });
  expect(read).toMatchObject({ body: 'two', issue_url: expect.stringMatching(/\/issues\/1$/) });
  expect((await client.rest.issues.listCommentsForRepo(place)).data).toHaveLength(1);
  expect((await client.rest.issues.get({ ...place, issue_number: 1 })).data.comments).toBe(1);
  await client.rest.issues.deleteComment({ ...place, comment_id: comment.id });
  const again = client.rest.issues.deleteComment({ ...place, comment_id: comment.id });
  await expect(again).rejects.toMatchObject({ status: 404 });

  await client.rest.issues.createLabel({ ...place, name: 'prompt', color: 'ff0000', description: 'Prompts' });
  const twice = client.rest.issues.createLabel({ ...place, name: 'Prompt' });
  await expect(twice).rejects.toMatchObject({ response: { data: { errors: [{ code: 'already_exists' }] } } });
  expect((await client.rest.issues.getLabel({ ...place, name: 'prompt' })).data.color).toBe('ff0000');
  await client.rest.issues.setLabels({ ...place, issue_number: 1, labels: ['prompt'] });
  const { data: all } = await client.rest.issues.listLabelsForRepo(place);
  expect(all.map(({ name }) => name)).toEqual(['bug', 'documentation', 'enhancement', 'prompt']);
});
