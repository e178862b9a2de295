import {
  actorOf,
  bodyOf,
  type Call,
  created,
  ok,
  part,
  type Reply,
  type Route,
  repositoryOf,
} from '../call.ts';
import { notFound, unprocessable, validationFailed } from '../failures.ts';
import { GitError, type Person, type TreeChange, utc } from '../git.ts';
import { personOf } from '../github.ts';
import { nodeId, type Schemas } from '../state.ts';
import { reads, writes } from '../tokens.ts';
import { gitCommitView } from '../views/commits.ts';
import { repositoryUrl } from '../views/repositories.ts';
import { gitHubItself } from './merge.ts';

export const gitObjectRoutes: readonly Route[] = [
  { id: 'git/create-blob', needs: writes('contents'), answer: createBlob },
  { id: 'git/get-blob', needs: reads('contents'), answer: getBlob },
  { id: 'git/create-tree', needs: writes('contents'), answer: createTree },
  { id: 'git/get-tree', needs: reads('contents'), answer: getTree },
  { id: 'git/create-commit', needs: writes('contents'), answer: createCommit },
  { id: 'git/get-commit', needs: reads('contents'), answer: getCommit },
  { id: 'git/create-tag', needs: writes('contents'), answer: createTag },
  { id: 'git/get-tag', needs: reads('contents'), answer: getTag },
];

async function createBlob(call: Call): Promise<Reply> {
  const { content, encoding = 'utf-8' } = bodyOf<'git/create-blob'>(call);
  const bytes = Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8');
  const sha = await repositoryOf(call).git.writeBlob(bytes);
  return created({ url: `${repositoryUrl(call.github, repositoryOf(call))}/git/blobs/${sha}`, sha });
}

async function getBlob(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  const { sha, content } = await objectOf(call, part(call, 'file_sha'), 'blob');
  return ok({
    content: wrapped(content),
    encoding: 'base64',
    url: `${repositoryUrl(call.github, repository)}/git/blobs/${sha}`,
    sha,
    size: content.length,
    node_id: nodeId('B', repository.id, sha),
  });
}

/** Base64 as GitHub sends it: in lines of 60 letters. */
export function wrapped(content: Buffer): string {
  return content.toString('base64').replaceAll(/.{1,60}/g, '$&\n');
}

/** @throws {ApiFailure} 404 */
async function objectOf(call: Call, sha: string, type: string) {
  const object = await repositoryOf(call).git.object(sha);
  if (object?.type !== type) throw notFound();
  return object;
}

async function createTree(call: Call): Promise<Reply> {
  const { tree, base_tree } = bodyOf<'git/create-tree'>(call);
  const { git } = repositoryOf(call);
  try {
    return created(await treeView(call, await git.writeTree(base_tree, tree.map(treeChange)), false));
  } catch (error) {
    if (error instanceof GitError)
      throw validationFailed({ resource: 'Tree', code: 'invalid', field: 'tree' });
    throw error;
  }
}

type GivenEntry = ReturnType<typeof bodyOf<'git/create-tree'>>['tree'][number];

function treeChange({ path, mode = '100644', sha, content }: GivenEntry): TreeChange {
  if (path === undefined) throw validationFailed({ resource: 'Tree', code: 'missing_field', field: 'path' });
  if (content !== undefined) return { path, mode, content: Buffer.from(content) };
  if (sha === undefined) throw validationFailed({ resource: 'Tree', code: 'missing_field', field: 'sha' });
  return { path, mode, sha };
}

async function getTree(call: Call): Promise<Reply> {
  const name = part(call, 'tree_sha');
  const { git } = repositoryOf(call);
  const commit = await git.resolve(name);
  const sha = commit ? (await git.commit(commit)).tree : (await objectOf(call, name, 'tree')).sha;
  return ok(await treeView(call, sha, call.query['recursive'] !== undefined));
}

async function treeView(call: Call, sha: string, recursive: boolean): Promise<Schemas['git-tree']> {
  const repository = repositoryOf(call);
  const url = `${repositoryUrl(call.github, repository)}/git`;
  const entries = await repository.git.tree(sha, ...(recursive ? ['-r', '-t'] : []));
  return {
    sha,
    url: `${url}/trees/${sha}`,
    tree: entries.map(({ size, ...entry }) => ({
      ...entry,
      ...(size === null ? {} : { size }),
      url: `${url}/${entry.type}s/${entry.sha}`,
    })),
    truncated: false,
  };
}

/** A bot that names no author has its commits signed. */
async function createCommit(call: Call): Promise<Reply> {
  const { message, tree, parents = [], author, committer } = bodyOf<'git/create-commit'>(call);
  const { github, token } = call;
  const repository = repositoryOf(call);
  const { git } = repository;
  for (const [name, type] of [[tree, 'tree'], ...parents.map((parent) => [parent, 'commit'])]) {
    if ((await git.object(name ?? ''))?.type !== type) throw unprocessable(`${type} ${name} does not exist`);
  }
  const signed = token?.app !== undefined && author === undefined && committer === undefined;
  const writer = stamped(call, author);
  const sha = await git.writeCommit({
    tree,
    parents,
    author: writer,
    committer: signed ? gitHubItself(github) : committer ? stamped(call, committer) : writer,
    message,
  });
  if (signed) repository.verifiedCommits.add(sha);
  return created(gitCommitView(github, repository, await git.commit(sha)));
}

/** @param given name and address; those of who acts by default */
export function stamped(
  call: Call,
  given: { name?: string; email?: string; date?: string } | undefined,
): Person {
  const now = call.github.now();
  const { name, email } = personOf(actorOf(call), now);
  return { name: given?.name ?? name, email: given?.email ?? email, date: utc(given?.date ?? now) };
}

async function getCommit(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  const { sha } = await objectOf(call, part(call, 'commit_sha'), 'commit');
  return ok(gitCommitView(call.github, repository, await repository.git.commit(sha)));
}

async function createTag(call: Call): Promise<Reply> {
  const { tag, message, object, type, tagger } = bodyOf<'git/create-tag'>(call);
  const { git } = repositoryOf(call);
  if ((await git.object(object))?.type !== type) throw unprocessable('Object does not exist');
  const { name, email, date } = stamped(call, tagger);
  const seconds = Math.floor(Date.parse(date) / 1000);
  const head = `object ${object}\ntype ${type}\ntag ${tag}\ntagger ${name} <${email}> ${seconds} +0000\n\n`;
  const sha = (
    await git.run(['hash-object', '-t', 'tag', '-w', '--stdin'], { input: `${head}${message}\n` })
  ).toString();
  return created(await tagView(call, sha.trim()));
}

async function getTag(call: Call): Promise<Reply> {
  return ok(await tagView(call, part(call, 'tag_sha')));
}

async function tagView(call: Call, sha: string): Promise<Schemas['git-tag']> {
  const repository = repositoryOf(call);
  const url = `${repositoryUrl(call.github, repository)}/git`;
  const { content } = await objectOf(call, sha, 'tag');
  const [head = '', ...message] = content.toString().split('\n\n');
  const field = (name: string) => new RegExp(`^${name} (.*)$`, 'm').exec(head)?.[1] ?? '';
  const [, name = '', email = '', seconds = '0'] = /^(.*) <(.*)> (\d+)/.exec(field('tagger')) ?? [];
  return {
    node_id: nodeId('TA', repository.id, sha),
    tag: field('tag'),
    sha,
    url: `${url}/tags/${sha}`,
    message: message.join('\n\n').trimEnd(),
    tagger: { name, email, date: utc(Number(seconds) * 1000) },
    object: { sha: field('object'), type: field('type'), url: `${url}/${field('type')}s/${field('object')}` },
  };
}
