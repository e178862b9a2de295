import type { Branch, Commit, PullRequest } from '../../host/repository-host.ts';
import { type ProposalMark, readMark } from '../../reports/pull-request.ts';

/** Last line of the commits promptline makes on a branch of its own. */
export const commitMark = 'Promptline-Proposal: ';

/** What stands in the repository for one prompt. */
export type Standing = {
  /** The branch that proposals go to. */
  readonly base: Branch;
  /** The proposal's branch with its commits since the base; null where there is none. */
  readonly branch: (Branch & { readonly mergeBase: string; readonly commits: readonly Commit[] }) | null;
  /** Pull requests of that branch, the newest first. */
  readonly pullRequests: readonly PullRequest[];
  /** Whether the prompt on the base is still the one that was measured. */
  readonly isMeasured: boolean;
  /** Whether the base has the new version already. */
  readonly isMerged: boolean;
};

/** What is to be done about one proposal; `why` is for people. */
export type ProposalStep =
  /** `write` the branch, or leave it as it stands, and show it in a pull request. */
  | { readonly do: 'propose'; readonly write: boolean; readonly open: PullRequest | null }
  | { readonly do: 'close'; readonly open: PullRequest; readonly why: string }
  | { readonly do: 'leave'; readonly why: string; readonly open: PullRequest | null };

/**
 * Decides what becomes of a proposal. A person's commit is never overwritten, a proposal that was closed is not made again from the same
 * inputs, and one whose prompt has changed since is closed.
 *
 * @param mark of the proposal; null where the run found no improvement
 */
export function decide(
  { base, branch, pullRequests, isMeasured, isMerged }: Standing,
  mark: ProposalMark | null,
  reason: string,
): ProposalStep {
  const open = pullRequests.find(({ state }) => state === 'open') ?? null;
  const edited = branch?.commits.find(({ message }) => !message.includes(commitMark));
  if (edited) {
    return { do: 'leave', open, why: `someone committed to its branch (${edited.id.slice(0, 10)})` };
  }
  const closing = (why: string): ProposalStep =>
    open ? { do: 'close', open, why } : { do: 'leave', open: null, why };
  if (isMerged) return closing('the branch it goes to has this version already');
  if (!isMeasured) return closing('the prompt changed since it was measured');
  if (mark === null) {
    return open && readMark(open.body) === null ? { do: 'leave', open, why: reason } : closing(reason);
  }
  const declined = pullRequests.find(
    ({ state, body }) => state === 'closed' && readMark(body)?.inputs === mark.inputs,
  );
  if (!open && declined) {
    return {
      do: 'leave',
      open: null,
      why: `it was closed as ${declined.url}, and nothing it was made from has changed`,
    };
  }
  const [only, ...others] = branch?.commits ?? [];
  const isWritten =
    branch?.mergeBase === base.commit &&
    others.length === 0 &&
    only?.message.includes(`${commitMark}${mark.content}`) === true;
  return { do: 'propose', write: !isWritten, open };
}
