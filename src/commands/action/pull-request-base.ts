import { commitOf, mergeBaseOf, parentsOf } from '../../host/checkout.ts';
import type { ActionEvent } from '../../host/github/event.ts';

/** What a pull request is compared with. */
export type PullRequestBase = {
  /** As the event names it: where the base's branch stood when the pull request was written last. */
  readonly recorded: string;
  /** What the checkout has of that branch. */
  readonly held: string;
};

/**
 * The base of the pull request that an event is of; null for other events. The event's own commit is older than the merge that a job checks
 * out, and newer than the beginning of a branch: compared with it, what others merged meanwhile would be the pull request's.
 * @param folder inside of the checkout
 */
export async function pullRequestBase(event: ActionEvent, folder: string): Promise<PullRequestBase | null> {
  const pullRequest = pullRequestOf(event);
  if (pullRequest === null) return null;
  const { head, base } = pullRequest;
  const recorded = base.commit;
  const [first, second] = await parentsOf(folder);
  if (first !== undefined && second === head) return { recorded, held: first };
  for (const tip of [await commitOf(folder, `refs/remotes/origin/${base.branch}`), recorded]) {
    const shared = tip === null ? null : await mergeBaseOf(folder, tip);
    // Where the pull request was merged meanwhile, the branch has all of it.
    if (shared !== null && shared !== head) return { recorded, held: shared };
  }
  return { recorded, held: recorded };
}

function pullRequestOf(event: ActionEvent) {
  if (event.kind === 'pull request') return { head: event.head.commit, base: event.base };
  const [first] = event.kind === 'rerequest' ? event.pullRequests : [];
  return event.kind === 'rerequest' && first ? { head: event.commit, base: first.base } : null;
}
