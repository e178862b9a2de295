import type { Example, ExampleSource, Split } from '../datasets/dataset.ts';
import { requireFit } from '../datasets/inputs.ts';
import { hasTag, limitTo, taggedWith } from '../datasets/select.ts';
import { inputError } from '../errors.ts';
import { localTags } from '../host/git-tags.ts';
import { stratumOf } from '../optimization/space.ts';
import { parsePrompt } from '../prompts/load.ts';
import type { Prompt } from '../prompts/prompt.ts';
import type { RunReport } from '../reports/run-report.ts';
import { contentTag } from '../rollout/effects.ts';
import { localTexts, placesOf, rowsIn } from './harvest/family-files.ts';
import type { EvaluationTools, Selection } from './plan-evaluation.ts';
import {
  loadTask,
  openSplit,
  type PromptTask,
  requireObjective,
  selectPromptFiles,
  type Workspace,
} from './workspace.ts';

/** Released versions of one prompt, to be measured on the same examples. */
export type VersionsSelection = Pick<Selection, 'ids' | 'split' | 'tags' | 'model' | 'limit'> & {
  readonly versions: readonly string[];
};

type WaitingRows = NonNullable<NonNullable<RunReport['ranking']>['waiting']>;

export type VersionsPlan = {
  /** The prompt as it is here: its metrics measure every version. */
  readonly task: PromptTask;
  readonly source: ExampleSource;
  readonly prompts: readonly Prompt[];
  readonly waiting: WaitingRows | null;
};

/** Reads the versions at their tags and checks everything, before the first call is paid. */
export async function planVersions(
  workspace: Workspace,
  { metrics, open }: EvaluationTools,
  { ids, versions, split, tags, model, limit }: VersionsSelection,
): Promise<VersionsPlan> {
  const [id, ...others] = ids;
  if (id === undefined || others.length > 0)
    throw inputError('versions are those of one prompt', 'Name one prompt, as family/name');
  const [file = ''] = selectPromptFiles(workspace, [id]);
  const task = loadTask(workspace, file, { model, tools: metrics });
  requireObjective(task);
  if (versions.length < 2)
    throw inputError('one version cannot be ranked', 'Name two or more, as --versions 1.0.0,1.1.0');
  const released = await releasedPrompts(workspace, task, versions);
  const prompts = released.map((prompt) => (model === undefined ? prompt : { ...prompt, model }));
  const whole = openSplit(workspace, task, split);
  const tagged = tags.length === 0 ? whole : taggedWith(whole, tags);
  const stratum = ({ expected }: Example) => stratumOf(task.prompt.output, expected);
  const source = limitTo(tagged, limit ?? tagged.n, stratum);
  for (const prompt of prompts) {
    await open(prompt.model);
    const inspect = requireFit(prompt);
    for (const example of source.examples()) inspect({ example, place: () => ({ file: prompt.path }) });
  }
  return { task, source, prompts, waiting: waitingRows(workspace, task, { split, tags }) };
}

async function releasedPrompts(
  { root, configuration }: Workspace,
  { prompt: { id } }: PromptTask,
  versions: readonly string[],
): Promise<Prompt[]> {
  const beginning = contentTag(id, '');
  const released = await localTags(root, beginning);
  const prompts: Prompt[] = [];
  for (const version of versions) {
    const tag = contentTag(id, version);
    if (!released.includes(tag)) throw notReleased(id, version, released, beginning);
    // Most runs read no other commit and need not load Git's client.
    const { openTree } = await import('../host/git-tree.ts');
    const tree = await openTree(root, tag);
    const file = tree.files.find(
      (each) => each === `prompts/${id}.prompt.yaml` || each === `prompts/${id}.prompt.yml`,
    );
    if (file === undefined) throw inputError(`${tag} has no file of ${id}`, 'Leave this version out');
    const shown = `${tag}:${file}`;
    const prompt = parsePrompt(await tree.read(file), { id, shown, defaultModel: configuration.models.task });
    prompts.push({ ...prompt, version });
  }
  return prompts;
}

function notReleased(id: string, version: string, released: readonly string[], beginning: string) {
  const known = released.map((tag) => tag.slice(beginning.length));
  return inputError(
    `version ${version} of ${id} has no tag here`,
    known.length === 0
      ? 'Release versions first; in a shallow clone fetch the tags (`fetch-depth: 0` of actions/checkout)'
      : `There are: ${known.join(', ')}`,
  );
}

/** Rows that a harvest put beside the training split, which wait for a person to write their reference. */
function waitingRows(
  workspace: Workspace,
  { prompt }: PromptTask,
  { split, tags }: { readonly split: Split; readonly tags: readonly string[] },
): WaitingRows | null {
  if (split !== 'train') return null;
  const { absolute, places } = placesOf(workspace, prompt.family, workspace.root);
  const { unlabelled } = rowsIn(localTexts(absolute, places), places);
  const rows = unlabelled.filter((row) => tags.length === 0 || hasTag(row, tags));
  return rows.length === 0 ? null : { rows: rows.length, file: places.unlabelled };
}
