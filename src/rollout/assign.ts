import { hash } from 'node:crypto';
import { inputError } from '../errors.ts';
import { nearest } from '../files/nearest.ts';
import type { Flag, Manifest, Variant } from './manifest.ts';
import { murmur3 } from './murmur3.ts';
import { flagKey } from './targeting.ts';

export type Assignment = { readonly arm: 'stable' | 'canary'; readonly variant: Variant };

/**
 * The targeting key of a user: sha256 of the id in UTF-8, hex. Keys are ASCII because JavaScript hashes UTF-16 and the other
 * languages UTF-8; nobody's name leaves the application.
 */
export function targetingKeyOf(user: string): string {
  return hash('sha256', user);
}

/**
 * Which version of a prompt a user gets: what flagd (fractional operator of flagd-core 4) gives for the key of
 * {@link targetingKeyOf}. The same user gets the same version for as long as a step lasts, and keeps the canary in the next.
 *
 * @param user the application's id of the user; without one, the stable version
 */
export function assign(manifest: Manifest, prompt: string, user: string | undefined): Assignment {
  const key = flagKey(prompt);
  const flag = Object.hasOwn(manifest.flags, key) ? manifest.flags[key] : undefined;
  if (!flag) {
    const known = Object.values(manifest.flags).map(({ metadata }) => metadata.prompt);
    const guess = nearest(prompt, known);
    throw inputError(
      `the manifest has no prompt "${prompt}"`,
      guess ? `Did you mean "${guess}"?` : 'Release it first',
    );
  }
  const { stable, canary } = flag.variants;
  if (canary && user && isInCanary(key, flag, targetingKeyOf(user)))
    return { arm: 'canary', variant: canary };
  return { arm: 'stable', variant: stable };
}

/**
 * Whether a user is of the share that gets the canary: flagd puts a user into the bucket at hash * total weight / 2^32.
 *
 * @param key of the flag
 * @param targetingKey of the user, {@link targetingKeyOf}
 */
export function isInCanary(
  key: string,
  { targeting }: Pick<Flag, 'targeting'>,
  targetingKey: string,
): boolean {
  if (!targeting) return false;
  const [{ cat }, [, canary], [, stable]] = targeting.if[1].fractional;
  const position = murmur3(Buffer.from(`${key}${cat[1]}${targetingKey}`));
  return Math.floor((position * (canary + stable)) / 2 ** 32) < canary;
}
