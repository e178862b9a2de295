import { type Call, ok, part, type Reply, type Route, repositoryOf } from '../call.ts';
import { changedFiles } from '../changes.ts';
import { notFound, unprocessable } from '../failures.ts';
import { listed, pageOf } from '../paging.ts';
import type { Repository, Schemas } from '../state.ts';
import { reads } from '../tokens.ts';
import { commitView, fileView, fullCommitView } from '../views/commits.ts';
import { pageUrl, repositoryUrl } from '../views/repositories.ts';

const MAX_FILES = 300;
const MAX_COMMITS = 250;

export const commitRoutes: readonly Route[] = [
  { id: 'repos/list-commits', needs: reads('contents'), answer: listCommits },
  { id: 'repos/get-commit', needs: reads('contents'), answer: getCommit },
  { id: 'repos/compare-commits-with-basehead', needs: reads('contents'), answer: compare },
];

async function listCommits(call: Call): Promise<Reply> {
  const { github, query } = call;
  const repository = repositoryOf(call);
  const start = await repository.git.resolve(query['sha'] ?? repository.defaultBranch);
  if (start === undefined) throw notFound();
  const filters = [
    ...(query['since'] === undefined ? [] : [`--since=${query['since']}`]),
    ...(query['until'] === undefined ? [] : [`--until=${query['until']}`]),
    ...(query['author'] === undefined ? [] : [`--author=${query['author']}`, '--fixed-strings']),
  ];
  const path = query['path'] === undefined ? [] : ['--', query['path']];
  const commits = await repository.git.commits(...filters, '--end-of-options', start, ...path);
  return listed(call, commits, (commit) => commitView(github, repository, commit));
}

async function getCommit(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  const sha = await repository.git.resolve(part(call, 'ref'));
  if (sha === undefined) throw unprocessable(`No commit found for SHA: ${part(call, 'ref')}`);
  if (/\.sha\b/.test(call.accept)) return { status: 200, bytes: Buffer.from(sha) };
  return ok(await fullCommitView(call.github, repository, await repository.git.commit(sha)));
}

/** From where the two parted to the head, as a pull request shows it: `base...head`, each with an owner before a colon or not. */
async function compare(call: Call): Promise<Reply> {
  const { github } = call;
  const repository = repositoryOf(call);
  const { git } = repository;
  const basehead = part(call, 'basehead');
  const [base, head] = await Promise.all(basehead.split('...').map((side) => sideOf(call, repository, side)));
  const mergeBase = base && head ? await git.mergeBase(base, head) : undefined;
  if (!base || !head || !mergeBase) throw notFound();
  const { ahead, behind } = await git.divergence(base, head);
  const commits = await git.commits('--reverse', `${base}..${head}`);
  const { items, headers } = pageOf(
    { ...call, query: { per_page: String(MAX_COMMITS), ...call.query } },
    commits,
    MAX_COMMITS,
  );
  const files = await changedFiles(git, mergeBase, head);
  const [baseCommit, mergeBaseCommit] = await Promise.all([git.commit(base), git.commit(mergeBase)]);
  const page = `${pageUrl(github, repository)}/compare/${basehead}`;
  const body: Schemas['commit-comparison'] = {
    url: `${repositoryUrl(github, repository)}/compare/${basehead}`,
    html_url: page,
    permalink_url: `${pageUrl(github, repository)}/compare/${base}...${head}`,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    base_commit: commitView(github, repository, baseCommit),
    merge_base_commit: commitView(github, repository, mergeBaseCommit),
    status: statusOf(ahead, behind),
    ahead_by: ahead,
    behind_by: behind,
    total_commits: ahead,
    commits: items.map((commit) => commitView(github, repository, commit)),
    // Files come with the first page alone.
    ...(Number(call.query['page'] ?? 1) === 1
      ? { files: files.slice(0, MAX_FILES).map((file) => fileView(github, repository, head, file)) }
      : {}),
  };
  return { status: 200, body, headers };
}

async function sideOf(call: Call, repository: Repository, side: string): Promise<string | undefined> {
  const [, owner, revision = side] = /^([^:]+):(.+)$/.exec(side) ?? [];
  const source = owner === undefined ? repository : call.github.find(owner, repository.name);
  const sha = await source?.git.resolve(revision);
  if (source && sha) await repository.git.fetchFrom(source.git, sha);
  return sha;
}

function statusOf(ahead: number, behind: number): Schemas['commit-comparison']['status'] {
  if (ahead > 0 && behind > 0) return 'diverged';
  return ahead > 0 ? 'ahead' : behind > 0 ? 'behind' : 'identical';
}
