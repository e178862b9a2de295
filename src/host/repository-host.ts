import { PromptlineError } from '../errors.ts';

/**
 * Where the repository's pull requests, checks and branches live. Every operation may be repeated after a crash: it looks at what is there
 * before it changes something. Each rejects with a PromptlineError that says what was refused and which permission is missing.
 */
export type RepositoryHost = {
  /** `owner/name`. */
  readonly repository: string;
  /** Whether what the token writes starts workflows; that of a job does not. */
  startsWorkflows(): Promise<boolean>;
  defaultBranch(): Promise<Branch>;
  /** Null where there is none. */
  branch(name: string): Promise<Branch | null>;
  /** Whether a commit is part of a branch; not where the repository does not know it. */
  isOnBranch(branch: string, commit: string): Promise<boolean>;
  /** The text of a file at a commit; null where there is none. */
  readFile(file: string, commit: string): Promise<string | null>;
  /** Commits of `head` that `base` does not have, oldest first, the files they change, and the last commit both share. */
  commitsSince(base: string, head: string): Promise<CommitsSince>;
  /**
   * Makes the branch one commit with these files on top of `parent`, whatever it held; no one sees it without the commit. Null where the
   * branch is no longer at `expected` (null: where it exists): someone else changed it. The message must name the content: a commit with
   * the same one on the same parent is taken for this one.
   */
  publishBranch(change: BranchChange): Promise<string | null>;
  deleteBranch(name: string): Promise<void>;
  /** All pull requests of a branch of this repository, the newest first. */
  pullRequestsOf(branch: string): Promise<readonly PullRequest[]>;
  /** Open pull requests of any repository whose head is this commit. */
  pullRequestsAt(commit: string): Promise<readonly PullRequest[]>;
  openPullRequest(draft: PullRequestDraft): Promise<PullRequest>;
  updatePullRequest(number: number, text: { readonly title: string; readonly body: string }): Promise<void>;
  /** Closes it and writes its body in one step. */
  closePullRequest(number: number, body: string): Promise<void>;
  addLabels(number: number, labels: readonly string[]): Promise<void>;
  /** Writes one's own comment that begins with `marker`, or updates it in place. */
  putComment(number: number, comment: Comment): Promise<void>;
  /** Opens an issue, or finds the one it opened before with this marker; `body` is Markdown. */
  openIssue(issue: {
    readonly marker: string;
    readonly title: string;
    readonly body: string;
    readonly labels: readonly string[];
  }): Promise<{ readonly number: number; readonly url: string }>;
  /** One's own issues that begin with a marker, open or closed, the newest first. */
  issuesBeginning(marker: string): Promise<readonly Issue[]>;
  /** Closes an issue and writes its text in one step. */
  closeIssue(number: number, body: string): Promise<void>;
  /** Begins a check at a commit, or takes up one of the same name that was begun there and never ended. */
  beginCheck(check: {
    readonly name: string;
    readonly commit: string;
    readonly title: string;
  }): Promise<Check>;
};

/** The token may not do what was asked; the hint names the permission. */
export class PermissionError extends PromptlineError {}

export type Branch = { readonly name: string; readonly commit: string };

export type Commit = { readonly id: string; readonly author: string | null; readonly message: string };

export type CommitsSince = {
  readonly mergeBase: string;
  readonly commits: readonly Commit[];
  readonly files: readonly string[];
};

export type FileChange = { readonly path: string; readonly content: string };

export type BranchChange = {
  readonly name: string;
  readonly parent: string;
  /** Where the branch must be now; null where it must not exist. */
  readonly expected: string | null;
  readonly files: readonly FileChange[];
  readonly message: { readonly headline: string; readonly body: string };
};

export type PullRequest = {
  readonly number: number;
  readonly url: string;
  readonly state: 'open' | 'closed' | 'merged';
  /** Login of who opened it. */
  readonly author: string | null;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly head: { readonly branch: string; readonly commit: string; readonly repository: string | null };
  readonly base: { readonly branch: string; readonly commit: string };
};

type PullRequestDraft = {
  readonly branch: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
};

export type Issue = {
  readonly number: number;
  readonly url: string;
  readonly isOpen: boolean;
  /** Milliseconds since 1970; null while it is open. */
  readonly closedAt: number | null;
  readonly body: string;
};

type Comment = {
  readonly marker: string;
  readonly body: string;
  /** A comment without this text was written by another run since, and stays. Any is replaced by default. */
  readonly replaces?: string;
};

export type Annotation = {
  /** Relative to the top of the repository. */
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly level: 'notice' | 'warning' | 'failure';
  readonly title: string;
  readonly message: string;
};

export type CheckResult = {
  readonly conclusion: 'success' | 'failure' | 'neutral';
  readonly title: string;
  /** Markdown. */
  readonly summary: string;
  readonly annotations: readonly Annotation[];
};

export type Check = { end(result: CheckResult): Promise<void> };
