import { inputError } from '../../errors.ts';
import { headOf } from '../../host/checkout.ts';
import type { ActionEvent } from '../../host/github/event.ts';
import type { ActionInputs } from './inputs.ts';

/**
 * Refuses what would run a fork's prompts, data and metrics beside secrets and a token that writes, and what would show one commit's
 * results at another.
 */
export async function refuseForeignFiles(event: ActionEvent, { command, root }: ActionInputs): Promise<void> {
  if (event.kind === 'pull request' && event.isFork && event.isPrivileged) {
    throw inputError(
      `promptline does not ${command} a fork's files on pull_request_target`,
      'Use the event pull_request, whose job has no secret, and show its results from workflow_run, as the workflows of `promptline init` do',
    );
  }
  if (event.kind !== 'rerequest') return;
  if (event.pullRequests.length === 0) {
    throw inputError(
      `no open pull request of this repository's own branches ends at ${event.commit.slice(0, 10)}`,
      "A fork's check is asked for again by running its workflow again",
    );
  }
  if ((await headOf(root)) === event.commit) return;
  throw inputError(
    `the checkout is not the commit ${event.commit.slice(0, 10)} that the check is of`,
    'Give actions/checkout the `ref` github.event.check_run.head_sha, or that of check_suite',
  );
}
