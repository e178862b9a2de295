import semver from 'semver';
import type { Prompt } from './prompt.ts';

/** The version of a prompt whose wording changed: the next minor. */
export function nextVersion(prompt: Prompt): string {
  const next = semver.inc(prompt.version, 'minor');
  if (next === null) throw new RangeError(`${prompt.version} is not semver`);
  return next;
}
