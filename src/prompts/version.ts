import { createHash } from 'node:crypto';
import semver from 'semver';
import type { Message, ModelParameters, Prompt } from './prompt.ts';

/** The version of a file that names none. */
export const unreleased = '0.0.0';

/** What of a prompt decides its answers. */
export type PromptContent = {
  readonly model: string;
  readonly parameters: ModelParameters;
  readonly messages: readonly Message[];
};

/** sha256 over the canonical JSON of what is sent, hex: two prompts with one digest give the same answers. */
export function promptDigest({ model, parameters, messages }: PromptContent): string {
  const canonical = {
    model,
    parameters: Object.fromEntries(Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1))),
    messages: messages.map(({ role, content }) => [role, content]),
  };
  return createHash('sha256').update(JSON.stringify(canonical)).digest('hex');
}

/** The version of a prompt whose wording changed: the next minor. */
export function nextVersion(prompt: Prompt): string {
  const next = semver.inc(prompt.version, 'minor');
  if (next === null) throw new RangeError(`${prompt.version} is not semver`);
  return next;
}
