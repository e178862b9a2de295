import type { Flag } from './manifest.ts';

/** The key of a prompt's flag in the manifest, `prompt.<id>`. */
export function flagKey(prompt: string): string {
  return `prompt.${prompt}`;
}

/**
 * Who gets the canary, in flagd's words: the share of users whose hash of flag, rollout and targeting key falls below the percentage.
 *
 * @param percent whole, 1 to 99
 */
export function targetingOf({
  salt,
  percent,
}: {
  readonly salt: string;
  readonly percent: number;
}): NonNullable<Flag['targeting']> {
  return {
    if: [
      { '!!': [{ var: 'targetingKey' }] },
      {
        fractional: [
          { cat: [{ var: '$flagd.flagKey' }, `/${salt}/`, { var: 'targetingKey' }] },
          ['canary', percent],
          ['stable', 100 - percent],
        ],
      },
      null,
    ],
  };
}
