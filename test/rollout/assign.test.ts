import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { DefaultLogger } from '@openfeature/core';
import { FlagdCore } from '@openfeature/flagd-core';
import { FlagdProvider } from '@openfeature/flagd-provider';
import { OpenFeature } from '@openfeature/server-sdk';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assign, targetingKeyOf } from '../../src/rollout/assign.ts';
import { formatManifest, type Manifest, manifestOf } from '../../src/rollout/manifest.ts';
import { murmur3 } from '../../src/rollout/murmur3.ts';
import { scratchFolder } from '../files/scratch.ts';
import { describeGoldens } from '../statistics/goldens.ts';
import { byPerson, play, prompt, released } from './fixtures.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const users = Array.from({ length: 10_000 }, (_, index) => `user ${index}`);

/** The manifest at each step of a rollout, the stable version alone first. */
const ramp: readonly (readonly [percent: number, manifest: Manifest])[] = [0, 10, 25, 50, 75, 100].map(
  (percent, step) => {
    const release = step === 0 ? [] : [released('1.1.0')];
    const advances = Array.from({ length: Math.max(0, step - 1) }, () => byPerson('advance'));
    return [percent, manifestOf([play([released('1.0.0'), ...release, ...advances]).state])] as const;
  },
);
const newest = ({ variant }: { variant: { version: string } }) => variant.version === '1.1.0';

describeGoldens('MurmurHash3', (goldens) => {
  test('gives the reference value', () => {
    for (const [text, hash] of Object.entries(goldens().murmur3_x86_32))
      expect(murmur3(bytes(text)).toString(16)).toBe(hash);
  });
});

test("MurmurHash3 gives the edges of flagd's published evaluation vectors (flagd-testbed, fractional v2)", () => {
  const hashes = ['ejOoVL', 'bY9fO-', 'SI7p-', '6LvT0', 'ceQdGm'].map((key) => murmur3(bytes(key)));
  expect(hashes).toEqual([0, 1, 0x7fffffff, 0x80000000, 0xffffffff]);
});

describe('over the whole ramp, 10,000 users', () => {
  test('fall to the canary in the shares of the steps', () => {
    for (const [percent, manifest] of ramp) {
      const share = users.filter((user) => newest(assign(manifest, prompt, user))).length / users.length;
      expect(Math.abs(share - percent / 100)).toBeLessThanOrEqual(0.01);
    }
  });

  test('never move back', () => {
    for (const user of users) {
      const versions = ramp.map(([, manifest]) => newest(assign(manifest, prompt, user)));
      expect(versions.indexOf(true)).toBe(versions.length - versions.filter(Boolean).length);
    }
  });

  test('get what flagd-core gives them', () => {
    for (const [percent, manifest] of ramp) {
      const flagd = new FlagdCore(undefined, new DefaultLogger());
      flagd.setConfigurations(formatManifest(manifest));
      for (const user of users) {
        const context = { targetingKey: targetingKeyOf(user) };
        const { value } = flagd.resolveObjectEvaluation(`prompt.${prompt}`, {}, context);
        const { variant } = assign(manifest, prompt, user);
        if ((value as { version?: string }).version !== variant.version) expect({ user, percent }).toBeNull();
      }
    }
  });
});

test('the OpenFeature SDK with the in-process provider of flagd gives the same versions from a file', async () => {
  const manifest = ramp[2]![1];
  const folder = scratchFolder({});
  const file = path.join(folder, 'flags.json');
  writeFileSync(file, formatManifest(manifest));
  await OpenFeature.setProviderAndWait(
    new FlagdProvider({ resolverType: 'in-process', offlineFlagSourcePath: file }),
  );
  try {
    const client = OpenFeature.getClient();
    for (const user of users.slice(0, 300)) {
      const details = await client.getObjectDetails(
        `prompt.${prompt}`,
        {},
        { targetingKey: targetingKeyOf(user) },
      );
      const { arm, variant } = assign(manifest, prompt, user);
      expect(details).toMatchObject({ value: variant, variant: arm });
    }
    const anonymous = await client.getObjectDetails(`prompt.${prompt}`, {}, {});
    expect(anonymous.variant).toBe('stable');
  } finally {
    await OpenFeature.close();
  }
});

describe('a user', () => {
  const manifest = ramp[2]![1];

  test('has an ASCII key whatever letters the id has, and no id gets the stable version', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (user) => {
        expect(targetingKeyOf(user)).toMatch(/^[0-9a-f]{64}$/);
      }),
    );
    expect(targetingKeyOf('Zoë')).toBe('c6a12698582fc1104ea24107a2d7268145ff06ef859707729d01fd060897f067');
    expect(assign(manifest, prompt, undefined).arm).toBe('stable');
    expect(assign(manifest, prompt, '').arm).toBe('stable');
  });

  test('is not in the canary of every prompt: rollouts draw their users apart', () => {
    const [, one] = ramp[1]!;
    const again = manifestOf([play([released('1.0.0'), released('1.1.0'), released('1.2.0')]).state]);
    const inCanary = (served: Manifest) =>
      users.filter((user) => assign(served, prompt, user).arm === 'canary');
    const [first, second] = [inCanary(one), new Set(inCanary(again))];
    const both = first.filter((user) => second.has(user)).length;
    expect(both / first.length).toBeLessThan(0.14);
  });

  test('of an unknown prompt is told the nearest', () => {
    expect(() => assign(manifest, 'query_processing/defualt', 'ada')).toThrow('defualt');
  });
});
