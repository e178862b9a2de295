import { PromptlineError } from '../../errors.ts';
import { PermissionError, type PullRequest, type RepositoryHost } from '../../host/repository-host.ts';
import type { Proposal } from '../../optimization/proposal.ts';
import { markdownText, titleText } from '../../reports/hostile.ts';
import {
  type ProposalMark,
  pullRequestBody,
  pullRequestTitle,
  readMark,
  withdrawnBody,
} from '../../reports/pull-request.ts';
import type { RunReport } from '../../reports/run-report.ts';
import { readReport } from '../../reports/write-reports.ts';
import type { Workspace } from '../workspace.ts';
import { commitMark, decide, type ProposalStep, type Standing } from './decide.ts';
import {
  contentDigest,
  inputsDigest,
  type ProposedFiles,
  placesOf,
  readProposedFiles,
} from './proposed-files.ts';
import { branchOf, standingOf } from './standing.ts';

/** What became of one proposal. */
export type Proposed = {
  readonly id: string;
  readonly outcome: 'opened' | 'updated' | 'unchanged' | 'closed' | 'left';
  /** Of its pull request. */
  readonly url: string | null;
  /** In words, where nothing was proposed. */
  readonly why: string | null;
};

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

const labels = ['promptline'];

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
  if (step.do === 'leave') return { id, outcome: 'left', url: step.open?.url ?? null, why: step.why };
  if (step.do === 'close') {
    await closeWithReason(host, step.open, step.why);
    return { id, outcome: 'closed', url: step.open.url, why: step.why };
  }
  if (mark === null || files === null) throw new Error(`${id} is proposed without being accepted`);
  return show(host, found, { step, standing, mark, files });
}

type Wanted = {
  step: Extract<ProposalStep, { do: 'propose' }>;
  standing: Standing;
  mark: ProposalMark;
  files: ProposedFiles;
};

/** Brings the branch and its pull request to what is wanted. */
async function show(
  host: RepositoryHost,
  { report, proposal }: Found,
  { step, standing, mark, files }: Wanted,
): Promise<Proposed> {
  const { id } = proposal;
  const title = pullRequestTitle(proposal);
  let commit = standing.branch?.commit ?? null;
  if (step.write) {
    commit = await host.publishBranch({
      name: branchOf(id),
      parent: standing.base.commit,
      expected: commit,
      files: [files.prompt, files.scores],
      message: {
        headline: title,
        body: `${titleText(proposal.reason, 600)}\n\n${commitMark}${mark.content}`,
      },
    });
    if (commit === null) return overtaken(id, step.open);
  }
  const body = pullRequestBody(report, proposal, { ...mark, startsWorkflows: await host.startsWorkflows() });
  const shown =
    step.open ??
    (await host.openPullRequest({ branch: branchOf(id), base: standing.base.name, title, body }));
  // Times and costs differ from run to run, and people may have written into it: only another proposal is news.
  const isCurrent = isSame(readMark(shown.body), mark);
  if (!isCurrent) {
    if ((await host.branch(branchOf(id)))?.commit !== commit) return overtaken(id, shown);
    await host.updatePullRequest(shown.number, { title, body });
  }
  const missing = labels.filter((label) => !shown.labels.includes(label));
  if (missing.length > 0) await host.addLabels(shown.number, missing);
  const outcome = !step.open ? 'opened' : step.write || !isCurrent ? 'updated' : 'unchanged';
  return { id, outcome, url: shown.url, why: null };
}

function overtaken(id: string, shown: PullRequest | null): Proposed {
  return { id, outcome: 'left', url: shown?.url ?? null, why: 'another run wrote its branch meanwhile' };
}

function isSame(one: ProposalMark | null, { inputs, content }: ProposalMark): boolean {
  return one?.inputs === inputs && one.content === content;
}

async function closeWithReason(
  host: RepositoryHost,
  { number, body }: PullRequest,
  why: string,
): Promise<void> {
  const text = `Closed by promptline: ${markdownText(why, 600)}.`;
  await host.putComment(number, { marker: '<!-- promptline closing -->', body: text });
  await host.closePullRequest(number, withdrawnBody(body));
}
