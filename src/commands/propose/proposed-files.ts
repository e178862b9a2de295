import { createHash } from 'node:crypto';
import path from 'node:path';
import { displayPath } from '../../files/paths.ts';
import { readText } from '../../files/read-write.ts';
import type { FileChange } from '../../host/repository-host.ts';
import type { Proposal } from '../../optimization/proposal.ts';
import { parseScorebook } from '../../optimization/scorebook.ts';
import { selectPromptFiles, type Workspace } from '../workspace.ts';

/** The two files of a proposal. */
export type ProposedFiles = { readonly prompt: FileChange; readonly scores: FileChange };

/** Where the prompt and its scorebook lie, from the top of the repository. */
export function placesOf(
  workspace: Workspace,
  id: string,
  top: string,
): { readonly prompt: string; readonly scores: string } {
  const [file = ''] = selectPromptFiles(workspace, [id]);
  return {
    prompt: displayPath(top, file),
    scores: displayPath(top, path.join(workspace.root, 'scores', `${id}.yaml`)),
  };
}

/** The new version and its scorebook, as they lie below the folder of results. */
export function readProposedFiles(
  { prompt, scores }: ReturnType<typeof placesOf>,
  folder: string,
  id: string,
): ProposedFiles {
  const read = (place: string, file: string) => ({ path: place, content: readText(file, file) });
  return {
    prompt: read(prompt, path.join(folder, 'prompts', `${id}.prompt.yaml`)),
    scores: read(scores, path.join(folder, 'scores', `${id}.yaml`)),
  };
}

/**
 * Digest of a proposal's files. The day of a measurement is left out: the same result on another day is no other proposal.
 * @throws {PromptlineError} for a scorebook that cannot be read
 */
export function contentDigest({ prompt, scores }: ProposedFiles): string {
  const entries = parseScorebook(scores.content, scores.path).map(({ date: _, ...entry }) => entry);
  return sha256([prompt.path, prompt.content, scores.path, entries]);
}

/** Of all that decided what was found: the prompt, the model, the data. */
export function inputsDigest({ base, model, search }: Proposal): string {
  return sha256([base?.prompt.digest, model, search.dev.digest, base?.dataset.digest]);
}

function sha256(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
