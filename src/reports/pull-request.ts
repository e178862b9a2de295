import type { Proposal } from '../optimization/proposal.ts';
import { titleText } from './hostile.ts';
import { renderMarkdown } from './markdown.ts';
import { formatDifference } from './numbers.ts';
import type { RunReport } from './run-report.ts';

/** What a pull request says of itself to later runs; part of its body that nobody sees. */
export type ProposalMark = {
  /** Digest of what the proposal was made from: the prompt, the data, the model. */
  readonly inputs: string;
  /** Digest of the files it changes. */
  readonly content: string;
};

const mark = /^<!-- promptline proposal inputs=([0-9a-f]{64}) content=([0-9a-f]{64}) -->/;
const withdrawn = '<!-- promptline proposal withdrawn -->';
/** Characters of a body; GitHub refuses more than 65,536. */
const longestBody = 58_000;

/** One line: what is better, by how much. */
export function pullRequestTitle({ id, from, to, comparison }: Proposal): string {
  const gain = comparison?.objective.difference ?? null;
  const amount = gain === null ? '' : `, ${formatDifference(gain, 'ratio')}`;
  return titleText(`Improve ${id}: ${from} to ${to ?? 'a new version'}${amount}`);
}

/** The report of one proposal as the body of its pull request. */
export function pullRequestBody(
  report: RunReport,
  proposal: Proposal,
  { inputs, content, startsWorkflows }: ProposalMark & { startsWorkflows: boolean },
): string {
  const text = renderMarkdown({ ...report, prompts: [], proposals: [proposal] }, longestBody);
  return `${markLine({ inputs, content })}\n${text}${workflowsNote(startsWorkflows)}`;
}

/** The first line of a body, by which later runs know it. */
export function markLine({ inputs, content }: ProposalMark): string {
  return `<!-- promptline proposal inputs=${inputs} content=${content} -->`;
}

/** What people must know where nothing measures a pull request by itself. */
export function workflowsNote(startsWorkflows: boolean): string {
  return startsWorkflows
    ? ''
    : '\n_Opened with the token of a job, for which GitHub starts no workflows: close and reopen it to run the checks, or give an App token as `github-token`._\n';
}

/** What the body of a pull request says of itself; null for one that is not a proposal. */
export function readMark(body: string): ProposalMark | null {
  const [, inputs, content] = mark.exec(body) ?? [];
  return inputs !== undefined && content !== undefined ? { inputs, content } : null;
}

/** The body of a proposal that promptline itself closes: what a person closed is not made again, what it closed may be. */
export function withdrawnBody(body: string): string {
  return body.replace(mark, withdrawn);
}
