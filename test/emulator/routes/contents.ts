import { bodyOf, type Call, ok, part, type Reply, type Route, repositoryOf } from '../call.ts';
import { ApiFailure, notFound, unprocessable } from '../failures.ts';
import { isSoundPath, type TreeChange, type TreeEntry } from '../git.ts';
import { moveReference, refusalOf } from '../references.ts';
import { reads, writes } from '../tokens.ts';
import { gitCommitView } from '../views/commits.ts';
import { pageUrl, repositoryUrl } from '../views/repositories.ts';
import { stamped, wrapped } from './git-objects.ts';
import { gitHubItself } from './merge.ts';

/** A larger file has no content in JSON. */
const MAX_INLINE = 1024 * 1024;

export const contentRoutes: readonly Route[] = [
  { id: 'repos/get-content', needs: reads('contents'), answer: getContent },
  { id: 'repos/create-or-update-file-contents', needs: writes('contents'), answer: putFile },
  { id: 'repos/delete-file', needs: writes('contents'), answer: deleteFile },
];

async function getContent(call: Call): Promise<Reply> {
  const { git, defaultBranch } = repositoryOf(call);
  const ref = call.query['ref'] ?? defaultBranch;
  const path = part(call, 'path').replace(/\/$/, '');
  const commit = await git.resolve(ref);
  if (commit === undefined) throw new ApiFailure(404, `No commit found for the ref ${ref}`);
  const object = await git.object(`${commit}:${path}`);
  if (!object) throw notFound();
  if (object.type === 'tree') {
    const entries = await git.tree(object.sha);
    return ok(
      entries.map((entry) =>
        entryView(call, ref, { ...entry, path: path === '' ? entry.path : `${path}/${entry.path}` }),
      ),
    );
  }
  if (/\.raw\b/.test(call.accept)) return { status: 200, bytes: object.content };
  const size = object.content.length;
  const inline = size <= MAX_INLINE;
  return ok({
    ...entryView(call, ref, { mode: '100644', type: 'blob', sha: object.sha, size, path }),
    encoding: inline ? 'base64' : 'none',
    content: inline ? wrapped(object.content) : '',
  });
}

function entryView(call: Call, ref: string, { type, sha, size, path }: TreeEntry) {
  const repository = repositoryOf(call);
  const url = repositoryUrl(call.github, repository);
  const place = path.split('/').map(encodeURIComponent).join('/');
  const folder = type === 'tree';
  const links = {
    self: `${url}/contents/${place}?ref=${encodeURIComponent(ref)}`,
    git: `${url}/git/${type}s/${sha}`,
    html: `${pageUrl(call.github, repository)}/${type}/${encodeURIComponent(ref)}/${place}`,
  };
  return {
    type: folder ? 'dir' : 'file',
    name: path.split('/').at(-1) ?? '',
    path,
    sha,
    size: size ?? 0,
    url: links.self,
    git_url: links.git,
    html_url: links.html,
    download_url: folder
      ? null
      : `${pageUrl(call.github, repository)}/raw/${encodeURIComponent(ref)}/${place}`,
    _links: links,
  };
}

async function putFile(call: Call): Promise<Reply> {
  const { content, sha } = bodyOf<'repos/create-or-update-file-contents'>(call);
  const path = part(call, 'path');
  const old = await currentFile(call);
  if (old && sha === undefined) throw unprocessable(`Invalid request.\n\n"sha" wasn't supplied.`);
  if (sha !== undefined && old?.sha !== sha) throw new ApiFailure(409, `${path} does not match ${sha}`);
  const body = Buffer.from(content, 'base64');
  const { commit, branch } = await commitOnBranch(call, { path, content: body });
  const blob = await repositoryOf(call).git.object(`${commit.sha}:${path}`);
  if (!blob) throw notFound();
  const entry = { mode: '100644', type: 'blob', sha: blob.sha, size: body.length, path };
  return { status: old ? 200 : 201, body: { content: entryView(call, branch, entry), commit } };
}

async function deleteFile(call: Call): Promise<Reply> {
  const { sha } = bodyOf<'repos/delete-file'>(call);
  const path = part(call, 'path');
  const old = await currentFile(call);
  if (!old) throw notFound();
  if (old.sha !== sha) throw new ApiFailure(409, `${path} does not match ${sha}`);
  const { commit } = await commitOnBranch(call, { path, sha: null });
  return ok({ content: null, commit });
}

async function currentFile(call: Call) {
  const repository = repositoryOf(call);
  const { branch = repository.defaultBranch } = bodyOf<'repos/create-or-update-file-contents'>(call);
  return repository.git.object(`refs/heads/${branch}:${part(call, 'path')}`);
}

async function commitOnBranch(call: Call, change: TreeChange) {
  const body = bodyOf<'repos/create-or-update-file-contents'>(call);
  const { github, token } = call;
  const repository = repositoryOf(call);
  const { git, defaultBranch } = repository;
  if (!isSoundPath(change.path)) throw malformedPath();
  const branch = body.branch ?? defaultBranch;
  const parent = await git.resolve(`refs/heads/${branch}`);
  if (parent === undefined) throw new ApiFailure(404, `Branch ${branch} not found`);
  const move = { ref: `refs/heads/${branch}`, from: parent, to: parent };
  const refusal = refusalOf(repository, token, move);
  if (refusal !== undefined) throw new ApiFailure(409, `Repository rule violations found\n\n${refusal}\n\n`);
  const signed = token?.app !== undefined && body.author === undefined && body.committer === undefined;
  const sha = await git.writeCommit({
    tree: await git.writeTree(parent, [change]),
    parents: [parent],
    author: stamped(call, body.author ?? body.committer),
    committer: body.committer ? stamped(call, body.committer) : gitHubItself(github),
    message: body.message,
  });
  await moveReference(github, repository, token, { ...move, to: sha });
  if (signed) repository.verifiedCommits.add(sha);
  return { branch, commit: gitCommitView(github, repository, await git.commit(sha)) };
}

function malformedPath(): ApiFailure {
  const errors = [{ resource: 'Commit', field: 'path', code: 'invalid' }];
  return new ApiFailure(422, 'path contains a malformed path component', { errors });
}
