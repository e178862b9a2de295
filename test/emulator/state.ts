import type { components } from '@octokit/openapi-types';
import type { BareRepository } from './git.ts';

export type Schemas = components['schemas'];

/** A person, an organization, or the bot of an app. */
export type Account = { id: number; login: string; type: 'User' | 'Bot' | 'Organization' };

export type App = { id: number; slug: string; name: string; owner: Account };

export type Label = { id: number; name: string; color: string; description: string | null };

export type Comment = {
  id: number;
  issue: number;
  body: string;
  author: Account;
  app: App | undefined;
  createdAt: string;
  updatedAt: string;
};

/** What a pull request has that an issue has not. */
type PullRequest = {
  base: string;
  head: { repository: Repository; branch: string };
  /** Kept when the branch is gone. */
  headSha: string;
  /** What the base was when it was merged; undefined while it is open, when the branch tells. */
  baseSha: string | undefined;
  draft: boolean;
  merged: { by: Account; at: string; sha: string } | undefined;
  maintainerCanModify: boolean;
};

export type Issue = {
  id: number;
  number: number;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  stateReason: 'completed' | 'reopened' | 'not_planned' | 'duplicate' | null;
  author: Account;
  app: App | undefined;
  labels: Label[];
  assignees: Account[];
  createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  closedBy: Account | null;
  pull: PullRequest | undefined;
};

export type PullIssue = Issue & { pull: PullRequest };

export function isPull(issue: Issue): issue is PullIssue {
  return issue.pull !== undefined;
}

export type CheckRun = {
  id: number;
  suite: number;
  name: string;
  sha: string;
  app: App;
  status: Schemas['check-run']['status'];
  conclusion: Schemas['check-run']['conclusion'];
  externalId: string | null;
  detailsUrl: string | null;
  startedAt: string | null;
  completedAt: string | null;
  output: { title: string | null; summary: string | null; text: string | null };
  annotations: Schemas['check-annotation'][];
};

export type CommitStatus = {
  id: number;
  sha: string;
  state: string;
  context: string;
  description: string | null;
  targetUrl: string | null;
  creator: Account;
  createdAt: string;
};

export type Asset = {
  id: number;
  name: string;
  label: string | null;
  contentType: string;
  content: Buffer;
  uploader: Account;
  createdAt: string;
};

export type Release = {
  id: number;
  tag: string;
  target: string;
  name: string | null;
  body: string;
  draft: boolean;
  prerelease: boolean;
  immutable: boolean;
  author: Account;
  createdAt: string;
  publishedAt: string | null;
  assets: Asset[];
};

export type WorkflowRun = {
  id: number;
  number: number;
  /** As `.github/workflows/ci.yml`. */
  path: string;
  event: string;
  /** Where its commit is: the repository itself, or a fork of it. */
  source: Repository;
  branch: string;
  sha: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  actor: Account;
  createdAt: string;
};

export type Artifact = {
  id: number;
  run: WorkflowRun;
  name: string;
  zip: Buffer;
  expired: boolean;
  createdAt: string;
};

/** A classic protection: what a branch asks of those who change it. */
export type Protection = {
  requirePullRequest?: boolean;
  requiredChecks?: readonly string[];
  /** Slugs of apps that may push all the same. */
  bypass?: readonly string[];
};

export type Role = 'read' | 'write' | 'admin';

export type Repository = {
  id: number;
  owner: Account;
  name: string;
  private: boolean;
  defaultBranch: string;
  parent: Repository | undefined;
  git: BareRepository;
  createdAt: string;
  /** By login. The owner is an admin in any case. */
  collaborators: Map<string, Role>;
  protections: Map<string, Protection>;
  /** The setting "Allow GitHub Actions to create and approve pull requests". */
  actionsMayOpenPullRequests: boolean;
  immutableReleases: boolean;
  /** Tags that an immutable release had once; they are never free again. */
  burnedTags: Set<string>;
  lastNumber: number;
  issues: Map<number, Issue>;
  labels: Map<string, Label>;
  comments: Map<number, Comment>;
  checkRuns: Map<number, CheckRun>;
  statuses: CommitStatus[];
  releases: Map<number, Release>;
  runs: Map<number, WorkflowRun>;
  artifacts: Map<number, Artifact>;
  /** Commits that GitHub signed. */
  verifiedCommits: Set<string>;
};

/** `octo/app` */
export function fullName({ owner, name }: Repository): string {
  return `${owner.login}/${name}`;
}

/** GitHub's newer form: a prefix for the type, and what identifies the object. */
export function nodeId(prefix: string, ...parts: readonly (number | string)[]): string {
  return `${prefix}_${Buffer.from(parts.join(':')).toString('base64url')}`;
}
