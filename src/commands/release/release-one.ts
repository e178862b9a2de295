import { isDeepStrictEqual } from 'node:util';
import semver from 'semver';
import { inputError } from '../../errors.ts';
import { displayPath } from '../../files/paths.ts';
import { readText } from '../../files/read-write.ts';
import type { ReleaseHost } from '../../host/release-host.ts';
import type { RepositoryHost } from '../../host/repository-host.ts';
import type { ScorebookEntry } from '../../optimization/scorebook-schema.ts';
import { loadPrompt } from '../../prompts/load.ts';
import type { Prompt } from '../../prompts/prompt.ts';
import { promptDigest } from '../../prompts/version.ts';
import { type ReleaseStory, releaseNotes, releaseTitle } from '../../reports/release-notes.ts';
import { contentTag } from '../../rollout/effects.ts';
import type { Release } from '../../rollout/state.ts';
import { type PromptPlace, promptAt } from '../prompt-at.ts';
import { loadScorebook } from '../scorebook-file.ts';
import { releaseAssets } from './assets.ts';
import type { Committed } from './committed.ts';

/** What all releases of one run have in common. */
export type ReleaseRun = PromptPlace & {
  readonly host: RepositoryHost & ReleaseHost;
  readonly committed: Committed;
  /** Tags of contents, with what they stand on. */
  readonly tags: ReadonlyMap<string, string>;
  /** Address of the run; null outside of Actions. */
  readonly runUrl: string | null;
};

/** A version that is published. */
export type ReleasedVersion = {
  readonly isNew: boolean;
  readonly url: string;
  readonly release: Release;
};

/**
 * Publishes a prompt's version unless it is published. Throws a PromptlineError where the tag of the version holds another content, where
 * its name is spent, and where GitHub fails.
 */
export async function releaseOne(run: ReleaseRun, prompt: Prompt, source: string): Promise<ReleasedVersion> {
  const { host, tags } = run;
  const tag = tagOf(prompt);
  const tagged = tags.get(tag);
  const content = tagged === undefined ? source : await contentAt(run, prompt, { tag, tagged });
  // Of what is sent: under another version the same text is the same content.
  const release = { version: prompt.version, ref: tag, sha256: promptDigest(prompt) };
  const published = tagged === undefined ? null : await host.publishedRelease(tag);
  if (published) return { isNew: false, url: published.url, release };
  const story = await storyOf(run, prompt);
  const { url } = await host.publishRelease({
    tag,
    commit: run.committed.commit,
    title: releaseTitle(story),
    notes: releaseNotes(story),
    assets: releaseAssets(story, { source: content, repository: host.repository }),
  });
  return { isNew: true, url, release };
}

function tagOf({ id, version, path }: Prompt): string {
  const tag = contentTag(id, version);
  // What Git forbids in the name of a tag.
  if (!/[\s~^:?*[\\]|\.\.|@\{|\/\.|\.lock(\/|$|@)|\/\/|\p{Cc}/u.test(tag)) return tag;
  throw inputError(`Git takes no tag named ${tag}`, 'Rename the file to letters, digits, - and _', {
    file: path,
  });
}

/** The prompt's file as the tag of its version has it, which must be the same prompt. */
async function contentAt(
  run: ReleaseRun,
  { id, version, path, ...rest }: Prompt,
  { tag, tagged }: { readonly tag: string; readonly tagged: string },
): Promise<string> {
  const file = await promptAt(run.host, id, { ...run, commit: tagged });
  if (file?.prompt && isSame(file.prompt, rest)) return file.content;
  throw inputError(
    `${id} ${version} is released with another content, which the tag ${tag} holds`,
    'A release never changes: raise `version:`',
    { file: path },
  );
}

type Content = Pick<Prompt, 'model' | 'parameters' | 'messages' | 'output'>;

function isSame(then: Content, now: Content): boolean {
  return promptDigest(then) === promptDigest(now) && isDeepStrictEqual(then.output, now.output);
}

async function storyOf(run: ReleaseRun, prompt: Prompt): Promise<ReleaseStory> {
  const { committed, runUrl } = run;
  const scorebook = loadScorebook(committed.root, prompt.id);
  const before = await releasedBefore(run, prompt);
  return {
    prompt,
    scores: scoresOf(scorebook, prompt),
    before: before && { prompt: before, scores: scoresOf(scorebook, before) },
    commit: committed.commit,
    runUrl,
  };
}

function scoresOf(scorebook: readonly ScorebookEntry[], prompt: Prompt): ScorebookEntry | null {
  const digest = promptDigest(prompt);
  return scorebook.findLast((entry) => entry.version === prompt.version && entry.digest === digest) ?? null;
}

/** The newest released version below this one; null where there is none, or its file does not load any more. */
async function releasedBefore(run: ReleaseRun, { id, version }: Prompt): Promise<Prompt | null> {
  const prefix = contentTag(id, '');
  const older = [...run.tags.keys()]
    .filter((tag) => tag.startsWith(prefix))
    .map((tag) => tag.slice(prefix.length))
    .filter((known) => semver.valid(known) !== null && semver.lt(known, version));
  const [newest] = semver.rsort(older);
  const commit = newest === undefined ? undefined : run.tags.get(prefix + newest);
  if (commit === undefined) return null;
  return (await promptAt(run.host, id, { ...run, commit }))?.prompt ?? null;
}

/** A prompt as it is committed, and its file's text. */
export function readCommitted(
  { committed: { root }, defaultModel }: Pick<ReleaseRun, 'committed' | 'defaultModel'>,
  file: string,
): { readonly prompt: Prompt; readonly source: string } {
  return { prompt: loadPrompt(root, file, defaultModel), source: readText(file, displayPath(root, file)) };
}
