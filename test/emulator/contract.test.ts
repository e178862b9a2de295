import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { publishedContract } from './contract.ts';
import { webhooks } from './payloads.ts';
import { routes } from './routes/index.ts';
import { runningEmulator } from './running.ts';

async function started() {
  const emulator = await runningEmulator({ allowViolations: true });
  await emulator.repository('octo/app');
  const token = emulator.tokens.classic('octo');
  const send = (method: string, place: string, body?: unknown) =>
    fetch(place.startsWith('/') ? emulator.urls.api + place : place, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  return { emulator, send };
}

it('holds the operations that are answered, and the payloads that are built, and no others', () => {
  const contract = publishedContract();
  expect(contract.ids.sort()).toEqual(routes.map(({ id }) => id).sort());
  const file = path.join(import.meta.dirname, 'contract/webhooks.json');
  expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')))).toEqual([...webhooks]);
});

it('refuses addresses, parameters and properties that GitHub does not document', async () => {
  const { emulator, send } = await started();
  const statuses = [
    await send('GET', '/repos/octo/app/secret-door'),
    await send('POST', '/repos/octo/app/releases/1/assets?name=x', {}),
    await send('POST', `${emulator.urls.uploads}/repos/octo/app/releases/1/assets`, 'x'),
    await send('GET', '/repos/octo/app/issues?stat=open'),
    await send('GET', '/repos/octo/app/issues?state=ajar'),
    await send('POST', '/repos/octo/app/issues', { title: 'x', lables: ['bug'] }),
    await send('POST', '/repos/octo/app/issues', { body: 'no title' }),
    await send('POST', '/repos/octo/app/issues', '{'),
  ].map(({ status }) => status);
  expect(statuses).toEqual([404, 404, 422, 422, 422, 422, 422, 400]);
  expect(emulator.violations.map(({ problem }) => problem)).toEqual([
    'is no operation of the contract',
    'is no operation of the contract',
    'name: is required',
    'stat: is no documented query parameter',
    expect.stringContaining('issues/list-for-repo state: must be equal to one of the allowed values'),
    'issues/create body/lables: is not documented',
    expect.stringContaining("must have required property 'title'"),
  ]);
});

it('checks its own answers', () => {
  const contract = publishedContract();
  const found = contract.find('api', 'GET', '/repos/octo/app/labels/bug');
  if (!found) throw new Error('the operation is missing');
  const label = {
    id: 1,
    node_id: 'x',
    url: 'http://127.0.0.1/x',
    name: 'bug',
    description: null,
    color: 'ffffff',
    default: true,
  };
  expect(contract.checkResponse(found.operation, 200, label)).toEqual([]);
  expect(contract.checkResponse(found.operation, 200, { ...label, colour: 'red' })).toEqual([
    'issues/get-label 200/colour: is not documented',
  ]);
  expect(contract.checkResponse(found.operation, 200, { ...label, id: '1' })).toEqual([
    expect.stringContaining('/id: must be integer'),
  ]);
  expect(contract.checkResponse(found.operation, 201, label)).toEqual([
    'answers 201, which is not documented',
  ]);
});

it('reads slashes in the names of references and files', () => {
  const contract = publishedContract();
  const cases: [string, string, Record<string, string>][] = [
    ['/repos/o/r/git/ref/heads/a/b', 'git/get-ref', { ref: 'heads/a/b' }],
    ['/repos/o/r/git/ref/heads%2Fa%2Fb', 'git/get-ref', { ref: 'heads/a/b' }],
    ['/repos/o/r/contents/a%20b/c.yaml', 'repos/get-content', { path: 'a b/c.yaml' }],
    ['/repos/o/r/branches/a/b/protection', 'repos/get-branch-protection', { branch: 'a/b' }],
    ['/repos/o/r/commits/a/b/check-runs', 'checks/list-for-ref', { ref: 'a/b' }],
    ['/repos/o/r/releases/latest', 'repos/get-latest-release', {}],
    ['/repos/o/r/compare/main...a/b', 'repos/compare-commits-with-basehead', { basehead: 'main...a/b' }],
  ];
  for (const [pathname, id, parts] of cases) {
    const found = contract.find('api', 'GET', pathname);
    expect([found?.operation.id, found?.path]).toEqual([id, { owner: 'o', repo: 'r', ...parts }]);
  }
});
