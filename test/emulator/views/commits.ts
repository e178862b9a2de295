import { type FileChange, filesOfCommit } from '../changes.ts';
import type { Commit } from '../git.ts';
import type { GitHub } from '../github.ts';
import { nodeId, type Repository, type Schemas } from '../state.ts';
import { accountView } from './accounts.ts';
import { pageUrl, repositoryUrl } from './repositories.ts';

function verificationOf(repository: Repository, { sha, committer }: Commit): Schemas['verification'] {
  if (!repository.verifiedCommits.has(sha)) {
    return { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null };
  }
  return {
    verified: true,
    reason: 'valid',
    signature: '-----BEGIN PGP SIGNATURE-----\n\nemulated\n-----END PGP SIGNATURE-----\n',
    payload: `commit ${sha}`,
    verified_at: committer.date,
  };
}

/** A commit as the lists and comparisons show it. */
export function commitView(github: GitHub, repository: Repository, commit: Commit): Schemas['commit'] {
  const url = repositoryUrl(github, repository);
  const self = `${url}/commits/${commit.sha}`;
  return {
    sha: commit.sha,
    node_id: nodeId('C', repository.id, commit.sha),
    commit: {
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
      url: `${url}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: verificationOf(repository, commit),
    },
    url: self,
    html_url: `${pageUrl(github, repository)}/commit/${commit.sha}`,
    comments_url: `${self}/comments`,
    author: ownerOf(github, commit.author.email),
    committer: ownerOf(github, commit.committer.email),
    parents: parentsView(github, repository, commit),
  };
}

export async function fullCommitView(
  github: GitHub,
  repository: Repository,
  commit: Commit,
): Promise<Schemas['commit']> {
  const files = await filesOfCommit(repository.git, commit.sha, commit.parents[0]);
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return {
    ...commitView(github, repository, commit),
    stats: { additions, deletions, total: additions + deletions },
    files: files.map((file) => fileView(github, repository, commit.sha, file)),
  };
}

export function gitCommitView(github: GitHub, repository: Repository, commit: Commit): Schemas['git-commit'] {
  const url = repositoryUrl(github, repository);
  return {
    sha: commit.sha,
    node_id: nodeId('C', repository.id, commit.sha),
    url: `${url}/git/commits/${commit.sha}`,
    html_url: `${pageUrl(github, repository)}/commit/${commit.sha}`,
    author: commit.author,
    committer: commit.committer,
    tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
    message: commit.message,
    parents: parentsView(github, repository, commit).map((parent) => ({
      ...parent,
      url: parent.url.replace('/commits/', '/git/commits/'),
    })),
    verification: verificationOf(repository, commit),
  };
}

export function fileView(
  github: GitHub,
  repository: Repository,
  commit: string,
  file: FileChange,
): Schemas['diff-entry'] {
  const page = pageUrl(github, repository);
  const place = file.filename.split('/').map(encodeURIComponent).join('/');
  return {
    sha: file.sha,
    filename: file.filename,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${page}/blob/${commit}/${place}`,
    raw_url: `${page}/raw/${commit}/${place}`,
    contents_url: `${repositoryUrl(github, repository)}/contents/${place}?ref=${commit}`,
    ...(file.patch === undefined ? {} : { patch: file.patch }),
    ...(file.previous === undefined ? {} : { previous_filename: file.previous }),
  };
}

function parentsView(github: GitHub, repository: Repository, { parents }: Commit) {
  return parents.map((sha) => ({
    sha,
    url: `${repositoryUrl(github, repository)}/commits/${sha}`,
    html_url: `${pageUrl(github, repository)}/commit/${sha}`,
  }));
}

/** GitHub knows its own addresses: `ID+LOGIN@users.noreply.github.com`. */
function ownerOf(github: GitHub, email: string) {
  const login = /^\d+\+(.+)@users\.noreply\.github\.com$/.exec(email)?.[1];
  const account = login === undefined ? undefined : github.accounts.get(login);
  return account ? accountView(github, account) : null;
}
