import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { clientOf, runningEmulator } from './running.ts';

const place = { owner: 'octo', repo: 'app' };

async function started() {
  const emulator = await runningEmulator();
  const repository = await emulator.repository('octo/app');
  const token = emulator.tokens.workflow(repository, { issues: 'write', contents: 'write' });
  const client = clientOf(emulator, token);
  return {
    emulator,
    repository,
    token,
    client,
    create: () => client.rest.issues.create({ ...place, title: 'Title' }),
  };
}

it('fails as often as it is told, and then no more', async () => {
  const { emulator, create, repository } = await started();
  emulator.inject({ on: 'issues/create', fault: { kind: 'status', status: 502 }, skip: 1, times: 2 });
  const statuses: number[] = [];
  for (let index = 0; index < 4; index += 1) {
    statuses.push(
      await create().then(
        ({ status }) => status,
        ({ status }) => status,
      ),
    );
  }
  expect(statuses).toEqual([201, 502, 502, 201]);
  expect(repository.issues.size).toBe(2);
});

it('can fail after the effect, as a gateway that gives up does', async () => {
  const { emulator, create, repository } = await started();
  emulator.inject({ on: /^POST .*\/issues$/, fault: { kind: 'status', status: 504, effect: true } });
  await expect(create()).rejects.toMatchObject({ status: 504 });
  expect(repository.issues.size).toBe(1);
  emulator.inject({ on: 'issues/create', fault: { kind: 'cut', effect: true } });
  await expect(create()).rejects.toMatchObject({ status: 500 });
  expect(repository.issues.size).toBe(2);
  emulator.inject({ on: 'issues/create', fault: { kind: 'cut' } });
  await expect(create()).rejects.toMatchObject({ status: 500 });
  expect(repository.issues.size).toBe(2);
});

it('lets something else happen when a connection ends', async () => {
  const { emulator, create, repository } = await started();
  const seen: number[] = [];
  const meanwhile = async () => void seen.push(repository.issues.size);
  emulator.inject({ on: 'issues/create', fault: { kind: 'cut', meanwhile } });
  emulator.inject({ on: 'issues/create', fault: { kind: 'cut', effect: true, meanwhile } });
  for (const size of [0, 1]) {
    await expect(create()).rejects.toMatchObject({ status: 500 });
    expect(repository.issues.size).toBe(size);
  }
  expect(seen).toEqual([0, 1]);
});

it('holds a slow answer back while others pass', async () => {
  const { emulator, create } = await started();
  emulator.inject({ on: 'issues/create', fault: { kind: 'slow', milliseconds: 300 } });
  const finished: number[] = [];
  const slow = create().then(({ data }) => finished.push(data.number));
  // The fault goes to the request that arrives first.
  while (!emulator.operations.has('issues/create')) await setTimeout(1);
  await create().then(({ data }) => finished.push(data.number));
  await slow;
  expect(finished).toEqual([1, 2]);
});

it('asks a client that is too fast to wait', async () => {
  const { emulator, create } = await started();
  emulator.inject({
    on: 'issues/create',
    fault: { kind: 'secondary-rate-limit', status: 429, retryAfter: 7 },
  });
  await expect(create()).rejects.toMatchObject({
    status: 429,
    message: expect.stringContaining('secondary rate limit'),
    response: { headers: { 'retry-after': '7' } },
  });
});

it('can say that the hour is used up', async () => {
  const { emulator, create } = await started();
  emulator.inject({ on: 'issues/create', fault: { kind: 'primary-rate-limit', resetIn: 5 } });
  await expect(create()).rejects.toMatchObject({
    status: 403,
    response: { headers: { 'x-ratelimit-remaining': '0' } },
  });
  await expect(create()).resolves.toMatchObject({ status: 201 });
});

it('counts requests, and refuses when none are left', async () => {
  const { emulator, client, create, token } = await started();
  const { headers } = await create();
  expect(headers).toMatchObject({ 'x-ratelimit-limit': '1000', 'x-ratelimit-remaining': '999' });
  emulator.tokens.leave(token, 1);
  const { data: limits } = await client.rest.rateLimit.get();
  expect(limits.resources.core).toMatchObject({ limit: 1000, remaining: 1 });
  await create();
  await expect(create()).rejects.toMatchObject({
    status: 403,
    message: expect.stringContaining('API rate limit exceeded'),
    response: {
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': expect.stringMatching(/^\d+$/) },
    },
  });
});

it('answers 304, free of charge, to a client that has the answer', async () => {
  const { emulator, client, token } = await started();
  const url = `${emulator.urls.api}/repos/octo/app`;
  const ask = (headers: Record<string, string> = {}) =>
    fetch(url, { headers: { authorization: `Bearer ${token}`, ...headers } });
  const first = await ask();
  const etag = first.headers.get('etag') ?? '';
  const second = await ask({ 'if-none-match': etag });
  expect([second.status, await second.text()]).toEqual([304, '']);
  expect(second.headers.get('x-ratelimit-remaining')).toBe(first.headers.get('x-ratelimit-remaining'));
  await client.rest.issues.create({ ...place, title: 'Changes open_issues' });
  expect((await ask({ 'if-none-match': etag })).status).toBe(200);
});

it('fails a mutation of GraphQL and a fetch of Git by their names', async () => {
  const { emulator, client } = await started();
  emulator.inject({ on: 'graphql:viewer', fault: { kind: 'status', status: 502 } });
  await expect(client.graphql('{ viewer { login } }')).rejects.toMatchObject({ status: 502 });
  emulator.inject({ on: 'graphql', fault: { kind: 'primary-rate-limit', resetIn: 5 } });
  await expect(client.graphql('{ viewer { login } }')).rejects.toMatchObject({
    errors: [{ type: 'RATE_LIMITED' }],
  });
  await client.graphql('{ viewer { login } }');
  emulator.inject({ on: 'git-upload-pack', fault: { kind: 'status', status: 503 } });
  const fetched = await fetch(`${emulator.urls.server}/octo/app.git/git-upload-pack`, { method: 'POST' });
  expect(fetched.status).toBe(503);
});
