import type { Branch, CommitsSince, FileChange, RepositoryHost } from '../../host/repository-host.ts';
import type { Proposal } from '../../optimization/proposal.ts';
import { parsePrompt } from '../../prompts/load.ts';
import { promptDigest } from '../../prompts/version.ts';
import { attempt } from '../attempt.ts';
import type { Workspace } from '../workspace.ts';
import type { Standing } from './decide.ts';
import { contentDigest, type ProposedFiles, type placesOf } from './proposed-files.ts';

/** The branch of a prompt's proposals. */
export function branchOf(id: string): string {
  return `promptline/${id}`;
}

type Proposing = {
  readonly proposal: Proposal;
  readonly places: ReturnType<typeof placesOf>;
  /** Null where nothing is proposed. */
  readonly files: ProposedFiles | null;
};

/** Reads what stands in the repository for one prompt. */
export async function standingOf(
  workspace: Workspace,
  host: RepositoryHost,
  { proposal, places, files }: Proposing,
): Promise<Standing> {
  const base = await host.defaultBranch();
  const branch = await host.branch(branchOf(proposal.id));
  const text = await host.readFile(places.prompt, base.commit);
  return {
    base,
    branch: branch && (await changesOf(host, base, branch, places)),
    pullRequests: await host.pullRequestsOf(branchOf(proposal.id)),
    isMeasured: text !== null && isMeasured(digestOf(workspace, proposal.id, text), proposal),
    isMerged: text !== null && text === files?.prompt.content,
  };
}

async function changesOf(
  host: RepositoryHost,
  base: Branch,
  branch: Branch,
  places: Proposing['places'],
): Promise<Standing['branch']> {
  const since = await host.commitsSince(base.name, branch.commit);
  const { mergeBase, commits } = since;
  return { ...branch, mergeBase, commits, content: await contentOf(host, branch, since, places) };
}

/** Digest of the proposal a branch holds; null where it holds anything else. */
async function contentOf(
  host: RepositoryHost,
  { commit }: Branch,
  { files }: CommitsSince,
  { prompt, scores }: Proposing['places'],
): Promise<string | null> {
  if (files.some((file) => file !== prompt && file !== scores)) return null;
  const read = async (path: string): Promise<FileChange | null> => {
    const content = await host.readFile(path, commit);
    return content === null ? null : { path, content };
  };
  const [held, book] = [await read(prompt), await read(scores)];
  if (!held || !book) return null;
  const digest = attempt(() => contentDigest({ prompt: held, scores: book }));
  return 'value' in digest ? digest.value : null;
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
