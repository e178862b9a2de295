import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { exportPrompts } from '../../src/prompts/exporting/export.ts';
import { parsePrompt } from '../../src/prompts/load.ts';
import { promptDigest } from '../../src/prompts/version.ts';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import { formatManifest, manifestOf } from '../../src/rollout/manifest.ts';
import { initialState, type Release, type RolloutState } from '../../src/rollout/state.ts';
import type { PinnedPrompt } from '../../src/runtime/types.ts';
import { minute, planWith, play, prompt } from '../rollout/fixtures.ts';

/** A released version: its place and digest, and the file that `promptline export --format json` writes. */
export type Version = { readonly release: Release; readonly document: PinnedPrompt };

/** A version that asks in words of its own. */
export function versionOf(version: string, words = `words of ${version}`, id = prompt): Version {
  const source = stringify({
    version,
    model: 'openai/gpt-5-mini',
    modelParameters: { temperature: 0, maxTokens: 16 },
    messages: [
      { role: 'system', content: words },
      { role: 'user', content: 'Query: {{query}}' },
    ],
  });
  const released = parsePrompt(source, { id, shown: 'default.prompt.yaml', defaultModel: undefined });
  const { files } = exportPrompts([{ prompt: released, source }], 'json');
  return {
    release: { version, ref: `prompts/${id}@${version}`, sha256: promptDigest(released) },
    document: JSON.parse(files[`${id}.json`] ?? ''),
  };
}

export const one = versionOf('1.0.0');
export const two = versionOf('1.1.0');

export function releasing({ release }: Version): RolloutEvent {
  return { type: 'released', release, cursor: {}, at: minute(0) };
}

/** The state of a prompt after its first version and further events. */
export function stateAfter(...events: readonly RolloutEvent[]): RolloutState {
  return play([releasing(one), ...events]).state;
}

export function stateOf(id: string, ...events: readonly RolloutEvent[]): RolloutState {
  return play(events, planWith(), initialState(id)).state;
}

/** What a publisher writes: `flags.json` and a file for each version, by path. */
export function published(
  states: readonly RolloutState[],
  versions: readonly Version[] = [one, two],
): Record<string, string> {
  return {
    'flags.json': formatManifest(manifestOf(states)),
    ...Object.fromEntries(
      versions.map(({ release, document }) => [`${release.ref}.json`, JSON.stringify(document)]),
    ),
  };
}

/** Replaces files whole. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  }
}

/** A user of the canary and one of the stable version, at 10 percent of the rollout of {@link two}. */
export function usersAt(canary: (user: string) => boolean): { early: string; late: string } {
  const users = Array.from({ length: 200 }, (_, index) => `user ${index}`);
  const [early, late] = [users.find(canary), users.find((user) => !canary(user))];
  if (!early || !late) throw new Error('no such user');
  return { early, late };
}
