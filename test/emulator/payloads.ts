import { NO_COMMIT } from './git.ts';
import { type GitHub, personOf } from './github.ts';
import { type CheckRun, isPull, nodeId, type Release, type Repository, type WorkflowRun } from './state.ts';
import { accountView } from './views/accounts.ts';
import { runView, workflowView } from './views/actions.ts';
import { checkRunView } from './views/checks.ts';
import { pullView } from './views/pulls.ts';
import { releaseView } from './views/releases.ts';
import { pageUrl, repositoryView } from './views/repositories.ts';

/** The published payloads that the emulator builds, by the description's names. */
export const webhooks = [
  'pull-request-opened',
  'pull-request-synchronize',
  'pull-request-reopened',
  'pull-request-labeled',
  'pull-request-closed',
  'push',
  'release-published',
  'check-run-rerequested',
  'workflow-dispatch',
  'repository-dispatch-sample.collected',
  'workflow-run-completed',
] as const;

/** What a runner is told about the event that started a workflow. */
export type Event = {
  /** As in GITHUB_EVENT_NAME. */
  name: string;
  payload: Record<string, unknown>;
  /** As in GITHUB_REF and GITHUB_SHA. */
  ref: string;
  sha: string;
  /** GITHUB_HEAD_REF and GITHUB_BASE_REF of a pull request. */
  headRef?: string;
  baseRef?: string;
  actor: string;
};

type PullAction = 'opened' | 'synchronize' | 'reopened' | 'labeled' | 'closed';

/** Events of a repository as it is now. */
export function eventsOf(github: GitHub, repository: Repository) {
  const { git, defaultBranch, owner } = repository;
  const common = (actor: string) => ({
    repository: repositoryView(github, repository),
    sender: accountView(github, github.account(actor)),
  });
  /** @throws where there is nothing to check out, as for a pull request that conflicts: GitHub starts no workflow then */
  const head = async (revision: string) => {
    const sha = await git.resolve(revision);
    if (sha === undefined) throw new Error(`${revision} is no commit, so nothing runs`);
    return sha;
  };
  const onDefault = async () => ({ ref: `refs/heads/${defaultBranch}`, sha: await head(defaultBranch) });

  return {
    /** The checkout of a job is the merge into the base, so its SHA is no commit of the branch. */
    async pullRequest(number: number, action: PullAction): Promise<Event> {
      const issue = repository.issues.get(number);
      if (!issue || !isPull(issue)) throw new Error(`there is no pull request ${number}`);
      const { author, pull } = issue;
      const view = await pullView(github, repository, issue);
      const ref = `refs/pull/${number}/merge`;
      const [label] = view.labels;
      const { parents } = await git.commit(pull.headSha);
      const payload = {
        action,
        number,
        pull_request: view,
        ...(action === 'synchronize' ? { before: parents[0] ?? NO_COMMIT, after: pull.headSha } : {}),
        ...(action === 'labeled' && label ? { label } : {}),
        ...common(author.login),
      };
      const sha = await head(ref);
      return {
        name: 'pull_request',
        payload,
        ref,
        sha,
        headRef: pull.head.branch,
        baseRef: pull.base,
        actor: author.login,
      };
    },

    /** @param before the commit the branch was at; all zeros for a new one */
    async push(branch: string, before = NO_COMMIT): Promise<Event> {
      const ref = `refs/heads/${branch}`;
      const sha = await head(ref);
      const { message, tree } = await git.commit(sha);
      const { name, email } = personOf(owner, github.now());
      const person = { name, email, username: owner.login };
      const page = pageUrl(github, repository);
      const commit = {
        id: sha,
        tree_id: tree,
        distinct: true,
        message,
        timestamp: github.now(),
        url: `${page}/commit/${sha}`,
        author: person,
        committer: person,
        added: [],
        removed: [],
        modified: [],
      };
      const payload = {
        ref,
        before,
        after: sha,
        base_ref: null,
        compare: `${page}/compare/${before}...${sha}`,
        created: before === NO_COMMIT,
        deleted: false,
        forced: false,
        commits: [commit],
        head_commit: commit,
        pusher: { name, email },
        ...common(owner.login),
      };
      return { name: 'push', payload, ref, sha, actor: owner.login };
    },

    /** No webhook: only runners are told. */
    async schedule(cron: string): Promise<Event> {
      const workflow = '.github/workflows/promptline.yml';
      const payload = { schedule: cron, workflow, repository: repositoryView(github, repository) };
      return { name: 'schedule', payload, ...(await onDefault()), actor: owner.login };
    },

    async workflowDispatch(workflow: string, inputs: Record<string, string> = {}): Promise<Event> {
      const place = await onDefault();
      const payload = { inputs, ref: place.ref, workflow, ...common(owner.login) };
      return { name: 'workflow_dispatch', payload, ...place, actor: owner.login };
    },

    async repositoryDispatch(
      type: string,
      clientPayload: Record<string, unknown>,
      actor: string,
    ): Promise<Event> {
      const payload = {
        action: type,
        branch: defaultBranch,
        client_payload: clientPayload,
        installation: { id: 1, node_id: 'MDIz' },
        ...common(actor),
      };
      return { name: 'repository_dispatch', payload, ...(await onDefault()), actor };
    },

    async releasePublished(release: Release): Promise<Event> {
      const payload = {
        action: 'published',
        release: releaseView(github, repository, release),
        ...common(release.author.login),
      };
      const ref = `refs/tags/${release.tag}`;
      return { name: 'release', payload, ref, sha: await head(ref), actor: release.author.login };
    },

    /** Runs on the default branch with all rights, after a run that may have been a fork's. */
    async workflowRunCompleted(run: WorkflowRun): Promise<Event> {
      const payload = {
        action: 'completed',
        workflow: workflowView(github, repository, run),
        workflow_run: {
          ...(await runView(github, repository, run)),
          check_suite_id: run.id,
          check_suite_node_id: nodeId('CS', run.id),
          previous_attempt_url: null,
        },
        ...common(run.actor.login),
      };
      return { name: 'workflow_run', payload, ...(await onDefault()), actor: run.actor.login };
    },

    async checkRunRerequested(run: CheckRun): Promise<Event> {
      const payload = {
        action: 'rerequested',
        check_run: await checkRunView(github, repository, run),
        ...common(owner.login),
      };
      return { name: 'check_run', payload, ...(await onDefault()), actor: owner.login };
    },
  };
}
