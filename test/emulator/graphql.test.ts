import fc from 'fast-check';
import { expect, it } from 'vitest';
import { clientOf, runningEmulator } from './running.ts';

const COMMIT = `mutation ($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid url signature { isValid } } ref { name target { oid } } }
}`;

type Committed = { createCommitOnBranch: { commit: { oid: string; signature: { isValid: boolean } } } };

async function started(permissions: Record<string, 'read' | 'write'> = { contents: 'write' }) {
  const emulator = await runningEmulator();
  const repository = await emulator.repository('octo/app', { files: { 'a.txt': 'a\n', 'b.txt': 'b\n' } });
  const client = clientOf(emulator, emulator.tokens.workflow(repository, permissions));
  const head = await repository.git.text('rev-parse', 'main');
  const commit = (contents: string, expectedHeadOid = head) =>
    client.graphql<Committed>(COMMIT, {
      input: {
        branch: { repositoryNameWithOwner: 'octo/app', branchName: 'main' },
        expectedHeadOid,
        message: { headline: 'Change a' },
        fileChanges: {
          additions: [{ path: 'a.txt', contents: Buffer.from(contents).toString('base64') }],
          deletions: [{ path: 'b.txt' }],
        },
      },
    });
  return { emulator, repository, client, head, commit };
}

it('commits files to a branch, signed by GitHub', async () => {
  const { client, repository, commit } = await started();
  const { createCommitOnBranch } = await commit('new\n');
  const { oid, signature } = createCommitOnBranch.commit;
  expect(signature.isValid).toBe(true);
  expect(await repository.git.text('rev-parse', 'main')).toBe(oid);
  expect(await repository.git.text('ls-tree', '--name-only', 'main')).toBe('a.txt');
  const { data } = await client.rest.repos.getCommit({ owner: 'octo', repo: 'app', ref: 'main' });
  expect(data.commit).toMatchObject({ committer: { name: 'GitHub' }, verification: { verified: true } });
  expect(data.files?.map(({ filename, status }) => [filename, status])).toEqual([
    ['a.txt', 'modified'],
    ['b.txt', 'removed'],
  ]);
});

it('refuses a commit on a branch that moved, in the words of GitHub', async () => {
  const { commit, head } = await started();
  await commit('first\n');
  const second = commit('second\n');
  await expect(second).rejects.toMatchObject({
    errors: [
      {
        type: 'STALE_DATA',
        path: ['createCommitOnBranch'],
        message: `Expected branch to point to "${head}" but it did not.  Pull and try again.`,
      },
    ],
    data: { createCommitOnBranch: null },
  });
});

it('lets one of two racing commits win', async () => {
  const { commit, repository } = await started();
  const results = await Promise.allSettled([commit('one\n'), commit('two\n')]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await repository.git.text('rev-list', '--count', 'main')).toBe('2');
});

it('refuses a token without the right to write, and a protected branch', async () => {
  const reader = await started({ contents: 'read' });
  await expect(reader.commit('x')).rejects.toMatchObject({
    errors: [{ type: 'FORBIDDEN', message: 'Resource not accessible by integration' }],
  });
  const { repository, commit } = await started();
  repository.protections.set('main', { requirePullRequest: true });
  await expect(commit('x')).rejects.toThrow(/Changes must be made through a pull request/);
});

it('answers with the node ids of REST', async () => {
  const { client } = await started();
  const { data } = await client.rest.repos.get({ owner: 'octo', repo: 'app' });
  const result = await client.graphql<{ repository: { id: string }; viewer: { login: string } }>(
    '{ repository(owner: "octo", name: "app") { id ref(qualifiedName: "main") { target { oid } } } viewer { login } }',
  );
  expect(result.repository.id).toBe(data.node_id);
  expect(result.viewer.login).toBe('github-actions[bot]');
  const missing = client.graphql('{ repository(owner: "octo", name: "none") { id } }');
  await expect(missing).rejects.toMatchObject({ errors: [{ type: 'NOT_FOUND', path: ['repository'] }] });
});

it('counts a field that GitHub does not have, and one that the emulator does not know, as violations', async () => {
  const emulator = await runningEmulator({ allowViolations: true });
  await emulator.repository('octo/app');
  const client = clientOf(emulator, emulator.tokens.classic('octo'));
  await expect(client.graphql('{ viewer { nickname } }')).rejects.toThrow(/Cannot query field "nickname"/);
  await expect(client.graphql('{ viewer { bio } }')).rejects.toThrow(/the emulator has no User.bio/);
  await expect(client.graphql(COMMIT, { input: {} })).rejects.toThrow(/was not provided/);
  expect(emulator.violations.map(({ problem }) => problem)).toEqual([
    expect.stringContaining('nickname'),
    expect.stringContaining('User.bio'),
    expect.stringContaining('branch'),
    expect.stringContaining('expectedHeadOid'),
    expect.stringContaining('message'),
  ]);
});

it('finds pull requests by branch and by the node ids of REST, and commits by the id of a branch', async () => {
  const { client, repository, head } = await started({ contents: 'write', 'pull-requests': 'write' });
  const place = { owner: 'octo', repo: 'app' };
  await client.rest.git.createRef({ ...place, ref: 'refs/heads/topic', sha: head });
  const { data: reference } = await client.rest.git.getRef({ ...place, ref: 'heads/topic' });
  const message = { headline: 'Nothing' };
  const input = { branch: { id: reference.node_id }, expectedHeadOid: head, message };
  await client.graphql(COMMIT, { input });
  const { data: pull } = await client.rest.pulls.create({
    ...place,
    title: 'Change',
    head: 'topic',
    base: 'main',
  });
  const { repository: found } = await client.graphql<{
    repository: { pullRequests: unknown; pullRequest: unknown };
  }>(
    `{ repository(owner: "octo", name: "app") {
      pullRequests(headRefName: "topic", states: [OPEN], first: 5) { totalCount nodes { id number headRefOid } }
      pullRequest(number: 1) { id isDraft state author { login } }
    } }`,
  );
  const { node_id: id, head: side } = pull;
  expect(found).toEqual({
    pullRequests: { totalCount: 1, nodes: [{ id, number: 1, headRefOid: side.sha }] },
    pullRequest: { id, isDraft: false, state: 'OPEN', author: { login: 'github-actions' } },
  });
  const { node } = await client.graphql<{ node: unknown }>(
    'query ($id: ID!) { node(id: $id) { ... on PullRequest { number baseRefName } } }',
    { id },
  );
  expect(node).toEqual({ number: 1, baseRefName: 'main' });
  expect(await repository.git.text('log', '-1', '--format=%an', 'topic')).toBe('github-actions[bot]');
});

/** Names that quoting, splitting or patterns could get wrong, and contents that look like parts of a patch. */
const names = fc.constantFrom('a b', 'ü', '"q"', 'tab\tx', '-n', '[x]*', "it's", '%41', '#1', 'x?y=1');
const lines = fc.constantFrom(
  '',
  'plain',
  '@@ -1 +1 @@',
  'diff --git a/x b/x',
  '--- a/x',
  '\\ No newline',
  'ü  ',
  'x\r',
);
const files = fc.dictionary(
  fc.array(names, { minLength: 1, maxLength: 2 }).map((parts) => `new/${parts.join('/')}.txt`),
  fc.array(lines, { minLength: 1, maxLength: 4 }).map((all) => all.map((line) => `${line}\n`).join('')),
  { minKeys: 1, maxKeys: 4 },
);

it('gives back what was committed, whatever its names and contents', async () => {
  const { client, repository } = await started();
  const place = { owner: 'octo', repo: 'app' };
  await fc.assert(
    fc.asyncProperty(files, async (written) => {
      const head = await repository.git.text('rev-parse', 'main');
      const { data: base } = await client.rest.git.getCommit({ ...place, commit_sha: head });
      const additions = Object.entries(written).map(([path, text]) => ({
        path,
        contents: Buffer.from(text).toString('base64'),
      }));
      const branch = { repositoryNameWithOwner: 'octo/app', branchName: 'main' };
      const input = {
        branch,
        expectedHeadOid: head,
        message: { headline: 'Write' },
        fileChanges: { additions },
      };
      const { createCommitOnBranch } = await client.graphql<Committed>(COMMIT, { input });
      const { oid } = createCommitOnBranch.commit;
      const { data } = await client.rest.repos.compareCommitsWithBasehead({
        ...place,
        basehead: `${base.sha}...${oid}`,
      });
      const seen = new Map(data.files?.map((file) => [file.filename, file]));
      expect([...seen.keys()].sort()).toEqual(Object.keys(written).sort());
      for (const [path, text] of Object.entries(written)) {
        const { data: read } = await client.rest.repos.getContent({ ...place, path, ref: oid });
        const content = 'content' in read ? Buffer.from(read.content, 'base64').toString() : '';
        expect(content).toBe(text);
        const added = text.split('\n').slice(0, -1);
        const file = seen.get(path);
        expect([file?.status, file?.additions]).toEqual(['added', added.length]);
        expect(file?.patch?.split('\n').slice(1)).toEqual(added.map((line) => `+${line}`));
      }
      await repository.git.text('update-ref', 'refs/heads/main', head);
    }),
    { numRuns: 12 },
  );
});

const UPDATE = `mutation ($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }`;
const gone = '0'.repeat(40);

it('moves references together or none of them', async () => {
  const { client, repository, head, commit } = await started();
  const { createCommitOnBranch } = await commit('new\n');
  const made = createCommitOnBranch.commit.oid;
  const { repository: node } = await client.graphql<{ repository: { id: string } }>(
    'query { repository(owner: "octo", name: "app") { id } }',
  );
  const move = (refUpdates: object[]) =>
    client.graphql(UPDATE, { input: { repositoryId: node.id, refUpdates } });
  await move([
    { name: 'refs/heads/next', beforeOid: gone, afterOid: made },
    { name: 'refs/heads/main', beforeOid: made, afterOid: head, force: true },
  ]);
  const standing = async () => [
    await repository.git.resolve('refs/heads/next'),
    await repository.git.resolve('refs/heads/main'),
  ];
  expect(await standing()).toEqual([made, head]);
  const late = move([
    { name: 'refs/heads/next', beforeOid: made, afterOid: gone },
    { name: 'refs/heads/main', beforeOid: made, afterOid: head, force: true },
  ]);
  await expect(late).rejects.toMatchObject({ errors: [{ type: 'UNPROCESSABLE' }] });
  await expect(move([{ name: 'refs/heads/next', beforeOid: made, afterOid: head }])).rejects.toMatchObject({
    errors: [{ type: 'UNPROCESSABLE' }],
  });
  expect(await standing()).toEqual([made, head]);
});
