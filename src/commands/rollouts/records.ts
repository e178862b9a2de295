import { outsideError } from '../../errors.ts';
import type { ReleaseHost } from '../../host/release-host.ts';
import type { RepositoryHost } from '../../host/repository-host.ts';
import { promptDigest } from '../../prompts/version.ts';
import { restorePullRequest, revertIssue, stepRecord } from '../../reports/rollout/records.ts';
import { contentTag } from '../../rollout/effects.ts';
import type { RolloutPlan } from '../../rollout/plan.ts';
import type { Recording } from '../../rollout/records.ts';
import type { RolloutState } from '../../rollout/state.ts';
import { type PromptPlace, promptAt } from '../prompt-at.ts';

/** Where records are kept. */
export type RecordPlace = PromptPlace & {
  readonly host: RepositoryHost & ReleaseHost;
  readonly plan: RolloutPlan;
};

type RecordOf<Kind extends Recording['do']> = Extract<Recording, { readonly do: Kind }>;

const labels = ['promptline'];

/** Makes one record, unless it is there. Rejects with a PromptlineError. */
export async function record(place: RecordPlace, state: RolloutState, recording: Recording): Promise<void> {
  switch (recording.do) {
    case 'tag':
      return recordStep(place, state.prompt, recording);
    case 'issue': {
      const { reverted } = recording;
      const { title, body } = revertIssue(state, recording, place.plan);
      await place.host.openIssue({
        marker: markerOf('revert', state.prompt, reverted.sha256),
        title,
        body,
        labels,
      });
      return;
    }
    case 'pull request':
      return restore(place, state.prompt, recording);
  }
}

/** A step is a release of its own, on the commit of the content: a tag that never moves, with the reasons as its notes. */
async function recordStep(
  { host }: RecordPlace,
  prompt: string,
  { tag, entry }: RecordOf<'tag'>,
): Promise<void> {
  const content = contentTag(prompt, entry.version ?? '');
  const commit = (await host.tagsBeginning(content)).get(content);
  if (commit === undefined)
    throw outsideError(`the tag ${content} is gone, so ${tag} cannot be recorded`, 'Push the tag again');
  const { title, body } = stepRecord(prompt, entry);
  await host.publishRelease({ tag, commit, title, notes: body, assets: [] });
}

/** Proposes the file as it is served, unless the default branch no longer holds what was reverted. */
async function restore(
  { host, folder, defaultModel }: RecordPlace,
  prompt: string,
  recording: RecordOf<'pull request'>,
): Promise<void> {
  const { reverted, restored } = recording;
  const branch = `promptline-restore/${prompt}`;
  const marker = markerOf('restore', prompt, reverted.sha256);
  const known = await host.pullRequestsOf(branch);
  if (known.some(({ body }) => body.startsWith(marker))) return;
  const base = await host.defaultBranch();
  const file = await promptAt(host, prompt, { folder, defaultModel, commit: base.commit });
  if (!file?.prompt || promptDigest(file.prompt) !== reverted.sha256) return;
  const before = await promptAt(host, prompt, { folder, defaultModel, commit: restored.ref });
  if (before === null) return;
  const { title, body } = restorePullRequest(prompt, recording);
  const written = await host.publishBranch({
    name: branch,
    parent: base.commit,
    expected: (await host.branch(branch))?.commit ?? null,
    files: [{ path: file.path, content: before.content }],
    message: { headline: title, body: '' },
  });
  // Another run is at it.
  if (written === null) return;
  const text = { title, body: `${marker}\n${body}` };
  const { number, body: shown } = await host.openPullRequest({ branch, base: base.name, ...text });
  if (shown !== text.body) await host.updatePullRequest(number, text);
  await host.addLabels(number, labels);
}

function markerOf(what: string, prompt: string, digest: string): string {
  return `<!-- promptline ${what} ${prompt.replaceAll('--', '')} ${digest} -->`;
}
