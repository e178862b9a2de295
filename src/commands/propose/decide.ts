import type { Branch, Commit, CommitsSince, PullRequest } from '../../host/repository-host.ts';
import { type ProposalMark, readMark } from '../../reports/pull-request.ts';

/** Last line of the commits promptline makes on a branch of its own. */
export const commitMark = 'Promptline-Proposal: ';

/** What a branch changes. */
type Held = {
  /** Digest of a proposal's files as they are there; null where other files change too, or one of them cannot be read. */
  readonly content: string | null;
};

/** What stands in the repository for one prompt. */
export type Standing = {
  /** The branch that proposals go to. */
  readonly base: Branch;
  /** The proposal's branch with its commits since the base; null where there is none. */
  readonly branch: (Branch & Pick<CommitsSince, 'mergeBase' | 'commits'> & Held) | null;
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
  const edited = editOf(branch, pullRequests);
  if (edited) {
    return { do: 'leave', open, why: `someone committed to its branch (${edited.id.slice(0, 10)})` };
  }
  const isOurs = open !== null && readMark(open.body) !== null;
  const closing = (why: string): ProposalStep =>
    isOurs ? { do: 'close', open, why } : { do: 'leave', open, why };
  if (isMerged) return closing('the branch it goes to has this version already');
  if (!isMeasured) return closing('the prompt changed since it was measured');
  if (mark === null) return closing(reason);
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
  const isWritten =
    branch?.mergeBase === base.commit && branch.commits.length === 1 && branch.content === mark.content;
  return { do: 'propose', write: !isWritten, open };
}

/** A person's commit that would be lost: one without our mark, or one of ours that holds something else now. */
function editOf(branch: Standing['branch'], pullRequests: readonly PullRequest[]): Commit | null {
  // What was merged is kept, and its branch only left behind.
  const isMerged = pullRequests.some(
    ({ state, head }) => state === 'merged' && head.commit === branch?.commit,
  );
  if (!branch || isMerged) return null;
  const last = branch.commits.at(-1);
  const foreign = branch.commits.find(({ message }) => !message.includes(commitMark));
  if (foreign || !last) return foreign ?? null;
  return last.message.includes(`${commitMark}${branch.content}`) ? null : last;
}
