import { outsideError } from '../errors.ts';
import type { Flag, Variant } from '../rollout/manifest.ts';
import { flagKey, targetingOf } from '../rollout/targeting.ts';
import { fieldsOf, parseJson } from './json.ts';

const PREFIX = flagKey('');

/**
 * The flags of prompts in a manifest, by prompt. Flags of other things are passed over.
 *
 * It takes what `parseManifest` of rollout/ takes, without the weight of a schema library in every application.
 *
 * @param shown the manifest's address for people
 * @throws {PromptlineError} where one flag is none that this tool writes: nothing of such a manifest is trusted
 */
export function readFlags(text: string, shown: string): ReadonlyMap<string, Flag> {
  const flags = fieldsOf(fieldsOf(parseJson(text))?.['flags']);
  if (!flags) throw broken(shown, 'it has no flags');
  const read = new Map<string, Flag>();
  for (const [key, flag] of Object.entries(flags)) {
    if (!key.startsWith(PREFIX)) continue;
    if (!isFlag(flag) || flagKey(flag.metadata.prompt) !== key) throw broken(shown, `flags.${key}`);
    read.set(flag.metadata.prompt, flag);
  }
  return read;
}

/**
 * A flag's value as OpenFeature gives it.
 * A tag cannot leave its folder by Git's own rules; another text could name any file.
 */
export function isVariant(value: unknown): value is Variant {
  const { ref, sha256, version } = fieldsOf(value) ?? {};
  return (
    typeof ref === 'string' &&
    typeof sha256 === 'string' &&
    typeof version === 'string' &&
    ref.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.includes('\\'))
  );
}

function isFlag(value: unknown): value is Flag {
  const { state, variants, defaultVariant, targeting, metadata } = fieldsOf(value) ?? {};
  const { stable, canary } = fieldsOf(variants) ?? {};
  const { prompt, generation } = fieldsOf(metadata) ?? {};
  return (
    state === 'ENABLED' &&
    defaultVariant === 'stable' &&
    isVariant(stable) &&
    (canary === undefined || isVariant(canary)) &&
    (targeting === undefined || isTargeting(targeting)) &&
    typeof prompt === 'string' &&
    Number.isSafeInteger(generation)
  );
}

/** Whether it is, to the letter, what is written for some salt and percentage. */
function isTargeting(value: unknown): value is NonNullable<Flag['targeting']> {
  const split = at(value, 'if', 1, 'fractional');
  const [salt, percent] = [at(split, 0, 'cat', 1), at(split, 1, 1)];
  if (typeof salt !== 'string' || typeof percent !== 'number') return false;
  if (!Number.isInteger(percent) || percent < 1 || percent > 99) return false;
  return JSON.stringify(value) === JSON.stringify(targetingOf({ salt: salt.slice(1, -1), percent }));
}

function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof key === 'number' ? (Array.isArray(inner) ? inner[key] : undefined) : fieldsOf(inner)?.[key],
    value,
  );
}

function broken(shown: string, what: string) {
  return outsideError(
    `${shown} is no manifest of prompts: ${what}`,
    'What was served before still is; publish it anew from the states of the rollouts',
  );
}
