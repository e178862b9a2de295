import { createHash } from 'node:crypto';
import path from 'node:path';
import { displayPath } from '../../files/paths.ts';
import { readText } from '../../files/read-write.ts';
import type { FileChange, PullRequest, RepositoryHost } from '../../host/repository-host.ts';
import type { Proposal } from '../../optimization/proposal.ts';
import { parsePrompt } from '../../prompts/load.ts';
import { promptDigest } from '../../prompts/version.ts';
import { markdownText, titleText } from '../../reports/hostile.ts';
import { pullRequestBody, pullRequestTitle } from '../../reports/pull-request.ts';
import type { RunReport } from '../../reports/run-report.ts';
import { readReport } from '../../reports/write-reports.ts';
import { attempt } from '../attempt.ts';
import { selectPromptFiles, type Workspace } from '../workspace.ts';
import { commitMark, decide, type Standing } from './decide.ts';

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

const labels = ['promptline'];

/** Opens or refreshes one pull request for each prompt that has a better version. May be run again after any failure. */
export async function runPropose(
  workspace: Workspace,
  host: RepositoryHost,
  { folders, top }: ProposeOptions,
): Promise<Proposed[]> {
  const done: Proposed[] = [];
  for (const folder of folders) {
    const report = readReport(folder);
    for (const proposal of report.proposals ?? [])
      done.push(await proposeOne(workspace, host, { report, proposal, folder, top }));
  }
  return done;
}

type Found = { report: RunReport; proposal: Proposal; folder: string; top: string };

async function proposeOne(workspace: Workspace, host: RepositoryHost, found: Found): Promise<Proposed> {
  const { report, proposal } = found;
  const { id, accepted, reason } = proposal;
  const files = accepted ? changedFiles(workspace, found) : [];
  const mark = accepted ? { inputs: inputsDigest(proposal), content: digest(files) } : null;
  const standing = await standingOf(workspace, host, found, files);
  const step = decide(standing, mark, reason);
  if (step.do === 'leave') return { id, outcome: 'left', url: step.open?.url ?? null, why: step.why };
  if (step.do === 'close') {
    await closeWithReason(host, step.open, step.why);
    return { id, outcome: 'closed', url: step.open.url, why: step.why };
  }
  if (mark === null) throw new Error(`${id} is proposed without being accepted`);
  if (step.write) {
    const written = await host.publishBranch({
      name: branchOf(id),
      parent: standing.base.commit,
      expected: standing.branch?.commit ?? null,
      files,
      message: {
        headline: pullRequestTitle(proposal),
        body: `${titleText(proposal.reason, 600)}\n\n${commitMark}${mark.content}`,
      },
    });
    if (written === null)
      return {
        id,
        outcome: 'left',
        url: step.open?.url ?? null,
        why: 'another run wrote its branch meanwhile',
      };
  }
  const text = {
    title: pullRequestTitle(proposal),
    body: pullRequestBody(report, proposal, { ...mark, startsWorkflows: await host.startsWorkflows() }),
  };
  const shown =
    step.open ?? (await host.openPullRequest({ branch: branchOf(id), base: standing.base.name, ...text }));
  const isCurrent = shown.title === text.title && shown.body === text.body;
  if (!isCurrent) await host.updatePullRequest(shown.number, text);
  await host.addLabels(shown.number, labels);
  const outcome = !step.open ? 'opened' : step.write || !isCurrent ? 'updated' : 'unchanged';
  return { id, outcome, url: shown.url, why: null };
}

async function standingOf(
  workspace: Workspace,
  host: RepositoryHost,
  { proposal, top }: Found,
  files: readonly FileChange[],
): Promise<Standing> {
  const base = await host.defaultBranch();
  const branch = await host.branch(branchOf(proposal.id));
  const [file] = selectPromptFiles(workspace, [proposal.id]);
  const shown = file === undefined ? null : displayPath(top, file);
  const text = shown === null ? null : await host.readFile(shown, base.commit);
  const proposed = files.find(({ path: changed }) => changed === shown);
  return {
    base,
    branch: branch && { ...branch, ...(await host.commitsSince(base.name, branch.commit)) },
    pullRequests: await host.pullRequestsOf(branchOf(proposal.id)),
    isMeasured: text !== null && isMeasured(digestOf(workspace, proposal.id, text), proposal),
    isMerged: text !== null && text === proposed?.content,
  };
}

/** The digest of a prompt's text on the branch; null for one that does not load there. */
function digestOf({ configuration }: Workspace, id: string, text: string): string | null {
  const options = { id, shown: id, defaultModel: configuration.models.task };
  const parsed = attempt(() => parsePrompt(text, options));
  return 'value' in parsed ? promptDigest(parsed.value) : null;
}

/** A search that found nothing to measure on the test split does not say what it began with. */
function isMeasured(now: string | null, { base }: Proposal): boolean {
  return base === null || now === base.prompt.digest;
}

/** The new version and its scorebook, as they lie below the folder of results. */
function changedFiles(workspace: Workspace, { proposal, folder, top }: Found): FileChange[] {
  const { id } = proposal;
  const [file = ''] = selectPromptFiles(workspace, [id]);
  const prompt = path.join(folder, 'prompts', `${id}.prompt.yaml`);
  const scores = path.join(folder, 'scores', `${id}.yaml`);
  return [
    { path: displayPath(top, file), content: readText(prompt, prompt) },
    {
      path: displayPath(top, path.join(workspace.root, 'scores', `${id}.yaml`)),
      content: readText(scores, scores),
    },
  ];
}

async function closeWithReason(host: RepositoryHost, { number }: PullRequest, why: string): Promise<void> {
  const body = `Closed by promptline: ${markdownText(why, 600)}.`;
  await host.putComment(number, { marker: '<!-- promptline closing -->', body });
  await host.closePullRequest(number);
}

function branchOf(id: string): string {
  return `promptline/${id}`;
}

/** Of all that decided what was found: the prompt, the model, the data. */
function inputsDigest({ base, model, search }: Proposal): string {
  return sha256([base?.prompt.digest, model, search.dev.digest, base?.dataset.digest]);
}

function digest(files: readonly FileChange[]): string {
  return sha256(files.map(({ path: file, content }) => [file, content]));
}

function sha256(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
