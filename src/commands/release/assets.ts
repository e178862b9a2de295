import { createHash } from 'node:crypto';
import path from 'node:path';
import type { ReleaseAsset } from '../../host/release-host.ts';
import { exportPrompts } from '../../prompts/exporting/export.ts';
import { promptDigest } from '../../prompts/version.ts';
import { diffMessages, unifiedDiff } from '../../reports/prompt-diff.ts';
import type { ReleaseStory } from '../../reports/release-notes.ts';
import { version as toolVersion } from '../../version.ts';

/** The files of a release. The same version from the same commit and run gives the same bytes. */
export function releaseAssets(
  story: ReleaseStory,
  { source, repository }: { readonly source: string; readonly repository: string },
): readonly ReleaseAsset[] {
  const { prompt } = story;
  const rendered = Object.values(exportPrompts([{ prompt, source }], 'text').files).join('');
  const files: readonly ReleaseAsset[] = [
    { name: fileName(prompt.path), contentType: 'application/yaml', content: source },
    { name: 'rendered.txt', contentType: 'text/plain', content: rendered },
    ...(story.scores ? [json('scorecard.json', { schema: 1, prompt: prompt.id, ...story.scores })] : []),
    ...(story.before ? [json('comparison.json', comparisonOf(story, story.before))] : []),
    json('provenance.json', provenanceOf(story, { source, repository })),
  ];
  const sums = files.map(({ name, content }) => `${sha256(content)}  ${name}\n`).join('');
  return [...files, { name: 'SHA256SUMS', contentType: 'text/plain', content: sums }];
}

/** GitHub changes names with other characters, so that neither a second look nor SHA256SUMS would find the file again. */
function fileName(file: string): string {
  const name = path.basename(file);
  return /^\w[\w.-]*$/.test(name) ? name : `prompt${path.extname(name)}`;
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Scores stand side by side only where both versions were measured on the same examples. */
function comparisonOf({ prompt, scores }: ReleaseStory, before: NonNullable<ReleaseStory['before']>) {
  const isSameData = scores !== null && scores.dataset.digest === before.scores?.dataset.digest;
  return {
    schema: 1,
    prompt: prompt.id,
    from: { version: before.prompt.version, digest: promptDigest(before.prompt), scores: before.scores },
    to: { version: prompt.version, digest: promptDigest(prompt), scores },
    comparable: isSameData,
    diff: unifiedDiff(diffMessages(before.prompt.messages, prompt.messages)),
  };
}

function provenanceOf(
  { prompt, commit, runUrl }: ReleaseStory,
  { source, repository }: { readonly source: string; readonly repository: string },
) {
  const { id, version, model } = prompt;
  return {
    schema: 1,
    prompt: id,
    version,
    model,
    digest: promptDigest(prompt),
    sha256: sha256(source),
    repository,
    commit,
    path: prompt.path,
    run: runUrl,
    tool: { name: 'promptline', version: toolVersion },
  };
}

function json(name: string, value: unknown): ReleaseAsset {
  return { name, contentType: 'application/json', content: `${JSON.stringify(value, null, 2)}\n` };
}
