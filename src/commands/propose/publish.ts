import type { FileChange, PullRequest, RepositoryHost } from '../../host/repository-host.ts';
import { markdownText, titleText } from '../../reports/hostile.ts';
import { type ProposalMark, readMark, withdrawnBody } from '../../reports/pull-request.ts';
import { commitMark, type ProposalStep, type Standing } from './decide.ts';

/** What became of a pull request of our own. */
export type Published = {
  readonly outcome: 'opened' | 'updated' | 'unchanged' | 'closed' | 'left';
  /** Of the pull request. */
  readonly url: string | null;
  /** In words, where nothing was proposed. */
  readonly why: string | null;
};

/** What a pull request of our own is to hold and to say. */
export type Publication = {
  readonly step: Extract<ProposalStep, { do: 'propose' }>;
  readonly standing: Pick<Standing, 'base'> & { readonly branch: { readonly commit: string } | null };
  readonly mark: ProposalMark;
  readonly branch: string;
  readonly files: readonly FileChange[];
  readonly title: string;
  /** For the commit's message. */
  readonly reason: string;
  readonly body: (startsWorkflows: boolean) => string;
};

const labels = ['promptline'];

/** Brings a branch and its pull request to what is wanted. May be run again after any failure. */
export async function publish(host: RepositoryHost, publication: Publication): Promise<Published> {
  const { step, standing, mark, branch, files, title } = publication;
  let commit = standing.branch?.commit ?? null;
  if (step.write) {
    commit = await host.publishBranch({
      name: branch,
      parent: standing.base.commit,
      expected: commit,
      files,
      message: {
        headline: title,
        body: `${titleText(publication.reason, 600)}\n\n${commitMark}${mark.content}`,
      },
    });
    if (commit === null) return overtaken(step.open);
  }
  const body = publication.body(await host.startsWorkflows());
  const shown = step.open ?? (await host.openPullRequest({ branch, base: standing.base.name, title, body }));
  // Times and costs differ from run to run, and people may have written into it: only another proposal is news.
  const isCurrent = isSame(readMark(shown.body), mark);
  if (!isCurrent) {
    if ((await host.branch(branch))?.commit !== commit) return overtaken(shown);
    await host.updatePullRequest(shown.number, { title, body });
  }
  const missing = labels.filter((label) => !shown.labels.includes(label));
  if (missing.length > 0) await host.addLabels(shown.number, missing);
  const outcome = !step.open ? 'opened' : step.write || !isCurrent ? 'updated' : 'unchanged';
  return { outcome, url: shown.url, why: null };
}

/** Closes a pull request of our own with the reason, or leaves what is not to be touched. */
export async function withdraw(
  host: RepositoryHost,
  step: Exclude<ProposalStep, { do: 'propose' }>,
): Promise<Published> {
  if (step.do === 'leave') return { outcome: 'left', url: step.open?.url ?? null, why: step.why };
  const { number, body, url } = step.open;
  const text = `Closed by promptline: ${markdownText(step.why, 600)}.`;
  await host.putComment(number, { marker: '<!-- promptline closing -->', body: text });
  await host.closePullRequest(number, withdrawnBody(body));
  return { outcome: 'closed', url, why: step.why };
}

function overtaken(shown: PullRequest | null): Published {
  return { outcome: 'left', url: shown?.url ?? null, why: 'another run wrote its branch meanwhile' };
}

function isSame(one: ProposalMark | null, { inputs, content }: ProposalMark): boolean {
  return one?.inputs === inputs && one.content === content;
}
