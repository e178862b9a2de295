import { type GitHub, repositoryNodeId } from '../github.ts';
import { fullName, type Repository, type Role, type Schemas } from '../state.ts';
import { roleOf, type Token } from '../tokens.ts';
import { accountView } from './accounts.ts';

/** Addresses below the repository's own, with the templates that GitHub publishes. */
const below = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
} as const;

export const repositoryUrl = ({ urls }: GitHub, repository: Repository) =>
  `${urls.api}/repos/${fullName(repository)}`;
export const pageUrl = ({ urls }: GitHub, repository: Repository) => `${urls.server}/${fullName(repository)}`;

/** The short form, and what the others begin with. */
export function minimalRepositoryView(github: GitHub, repository: Repository) {
  const url = repositoryUrl(github, repository);
  const addresses = Object.fromEntries(Object.entries(below).map(([name, path]) => [name, url + path]));
  return {
    id: repository.id,
    node_id: repositoryNodeId(repository),
    name: repository.name,
    full_name: fullName(repository),
    private: repository.private,
    owner: accountView(github, repository.owner),
    html_url: pageUrl(github, repository),
    description: null,
    fork: repository.parent !== undefined,
    url,
    ...(addresses as Record<keyof typeof below, string>),
  };
}

export function repositoryView(github: GitHub, repository: Repository): Schemas['repository'] {
  const page = pageUrl(github, repository);
  const open = [...repository.issues.values()].filter(({ state }) => state === 'open').length;
  return {
    ...minimalRepositoryView(github, repository),
    git_url: `git:${page.slice(page.indexOf('//'))}.git`,
    ssh_url: `git@127.0.0.1:${fullName(repository)}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
    mirror_url: null,
    homepage: null,
    language: null,
    forks_count: 0,
    stargazers_count: 0,
    watchers_count: 0,
    size: 1,
    default_branch: repository.defaultBranch,
    open_issues_count: open,
    is_template: false,
    topics: [],
    has_issues: true,
    has_projects: true,
    has_wiki: false,
    has_pages: false,
    has_downloads: true,
    has_discussions: false,
    archived: false,
    disabled: false,
    visibility: repository.private ? 'private' : 'public',
    pushed_at: repository.createdAt,
    created_at: repository.createdAt,
    updated_at: repository.createdAt,
    allow_forking: true,
    web_commit_signoff_required: false,
    license: null,
    forks: 0,
    open_issues: open,
    watchers: 0,
  };
}

export function fullRepositoryView(
  github: GitHub,
  repository: Repository,
  token: Token | undefined,
): Schemas['full-repository'] {
  const { pushed_at: _, created_at: __, updated_at: ___, ...rest } = repositoryView(github, repository);
  const { createdAt, parent } = repository;
  return {
    ...rest,
    has_discussions: false,
    pushed_at: createdAt,
    created_at: createdAt,
    updated_at: createdAt,
    permissions: permissionsOf(repository, token),
    allow_merge_commit: true,
    allow_squash_merge: true,
    allow_rebase_merge: false,
    allow_auto_merge: false,
    delete_branch_on_merge: false,
    subscribers_count: 0,
    network_count: 0,
    ...(parent ? { parent: repositoryView(github, parent), source: repositoryView(github, parent) } : {}),
  };
}

function permissionsOf(repository: Repository, token: Token | undefined) {
  const role: Role | undefined = !token
    ? 'read'
    : token.app
      ? token.permissions.contents
      : roleOf(token.account, repository);
  const push = role === 'write' || role === 'admin';
  return { admin: role === 'admin', maintain: role === 'admin', push, triage: push, pull: true };
}
