import { PromptlineError } from '../../errors.ts';
import { PermissionError, type RepositoryHost } from '../../host/repository-host.ts';
import type { Proposal } from '../../optimization/proposal.ts';
import { pullRequestBody, pullRequestTitle } from '../../reports/pull-request.ts';
import type { RunReport } from '../../reports/run-report.ts';
import { readReport } from '../../reports/write-reports.ts';
import type { Workspace } from '../workspace.ts';
import { decide } from './decide.ts';
import {
  contentDigest,
  inputsDigest,
  type ProposedFiles,
  placesOf,
  readProposedFiles,
} from './proposed-files.ts';
import { type Publication, type Published, publish, withdraw } from './publish.ts';
import { branchOf, standingOf } from './standing.ts';

/** What became of one proposal. */
export type Proposed = Published & { readonly id: string };

export type ProposeOptions = {
  /** The --out folders of `optimize`. */
  readonly folders: readonly string[];
  /** Absolute folder of the repository's checkout, around the workspace's. */
  readonly top: string;
};

/** What was done, and the failures of those proposals that are not in it. */
export type ProposeResult = {
  readonly proposals: readonly Proposed[];
  readonly failures: readonly PromptlineError[];
};

/** Opens or refreshes one pull request for each prompt that has a better version. May be run again after any failure. */
export async function runPropose(
  workspace: Workspace,
  host: RepositoryHost,
  { folders, top }: ProposeOptions,
): Promise<ProposeResult> {
  const found = folders.flatMap((folder) => {
    const report = readReport(folder);
    return (report.proposals ?? []).map((proposal) => ({ report, proposal, folder, top }));
  });
  const proposals: Proposed[] = [];
  const failures: PromptlineError[] = [];
  for (const each of found) {
    try {
      proposals.push(await proposeOne(workspace, host, each));
    } catch (error) {
      if (!(error instanceof PromptlineError)) throw error;
      failures.push(error);
      // What the token may not do for one, it may not do for the next.
      if (error instanceof PermissionError) break;
    }
  }
  return { proposals, failures };
}

type Found = { report: RunReport; proposal: Proposal; folder: string; top: string };

async function proposeOne(workspace: Workspace, host: RepositoryHost, found: Found): Promise<Proposed> {
  const { proposal, folder, top } = found;
  const { id, accepted, reason } = proposal;
  const places = placesOf(workspace, id, top);
  const files = accepted ? readProposedFiles(places, folder, id) : null;
  const mark = files && { inputs: inputsDigest(proposal), content: contentDigest(files) };
  const standing = await standingOf(workspace, host, { proposal, places, files });
  const step = decide(standing, mark, reason);
  if (step.do !== 'propose') return { id, ...(await withdraw(host, step)) };
  if (mark === null || files === null) throw new Error(`${id} is proposed without being accepted`);
  return { id, ...(await proposed(host, found, { step, standing, mark, files })) };
}

/** The pull request of one proposal. */
function proposed(
  host: RepositoryHost,
  { report, proposal }: Found,
  { step, standing, mark, files }: Pick<Publication, 'step' | 'standing' | 'mark'> & { files: ProposedFiles },
): Promise<Published> {
  return publish(host, {
    ...{ step, standing, mark },
    branch: branchOf(proposal.id),
    files: [files.prompt, files.scores],
    title: pullRequestTitle(proposal),
    reason: proposal.reason,
    body: (startsWorkflows) => pullRequestBody(report, proposal, { ...mark, startsWorkflows }),
  });
}
