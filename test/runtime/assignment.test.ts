import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { DefaultLogger } from '@openfeature/core';
import { FlagdCore } from '@openfeature/flagd-core';
import { FlagdProvider } from '@openfeature/flagd-provider';
import { OpenFeature } from '@openfeature/server-sdk';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatManifest, manifestOf } from '../../src/rollout/manifest.ts';
import { openFeaturePrompts } from '../../src/runtime/open-feature.ts';
import { openPrompts } from '../../src/runtime/open-prompts.ts';
import { targetingKeyOf } from '../../src/runtime/targeting-key.ts';
import type { PromptRequest, ResolvedPrompt } from '../../src/runtime/types.ts';
import { scratchFolder } from '../files/scratch.ts';
import { byPerson, prompt } from '../rollout/fixtures.ts';
import { published, releasing, stateAfter, two } from './fixtures.ts';

const users = Array.from({ length: 10_000 }, (_, index) => `user ${index} Zoë`);
const variables = { query: 'play some jazz' };

const ramp = [0, 10, 25, 50, 75, 100].map((percent, step) => {
  const events = step === 0 ? [] : [releasing(two)];
  const advances = Array.from({ length: Math.max(0, step - 1) }, () => byPerson('advance'));
  return { percent, state: stateAfter(...events, ...advances) };
});

test('10,000 users get the same prompt directly, through flagd-core and through OpenFeature, over the whole ramp', async () => {
  const newest = new Set<string>();
  for (const { percent, state } of ramp) {
    const folder = scratchFolder(published([state]));
    const manifest = path.join(folder, 'flags.json');
    const direct = await openPrompts({ manifest });
    const flagd = new FlagdCore(undefined, new DefaultLogger());
    flagd.setConfigurations(formatManifest(manifestOf([state])));
    await OpenFeature.setProviderAndWait(
      new FlagdProvider({ resolverType: 'in-process', offlineFlagSourcePath: manifest }),
    );
    try {
      const through = openFeaturePrompts({
        client: OpenFeature.getClient(),
        contents: `file://${encodeURI(folder)}/{ref}.json`,
      });
      let share = 0;
      for (const user of users) {
        const request: PromptRequest = { user, variables };
        const given = direct.for(prompt, request);
        const core = flagd.resolveObjectEvaluation(
          `prompt.${prompt}`,
          {},
          { targetingKey: targetingKeyOf(user) },
        );
        const [mine, theirs] = [plain(given), plain(await through.for(prompt, request))];
        if (mine !== theirs) expect({ user, percent, given: mine }).toEqual({ user, percent, given: theirs });
        if ((core.value as { version?: string }).version !== given.version)
          expect({ user, percent }).toBeNull();
        const isNewest = given.version === '1.1.0';
        if (newest.has(user) && !isNewest) expect({ user, percent, movedBack: true }).toBeNull();
        if (isNewest) newest.add(user);
        share += isNewest ? 1 / users.length : 0;
      }
      expect(Math.abs(share - percent / 100)).toBeLessThanOrEqual(0.01);
    } finally {
      direct.close();
      await OpenFeature.close();
    }
  }
});

/** What a user sees of a prompt. */
function plain({ version, variant, messages }: ResolvedPrompt): string {
  return JSON.stringify([version, variant, messages]);
}

test('any rollout, percentage and user: the arm is that of flagd-core', async () => {
  const folder = scratchFolder(published([stateAfter(releasing(two))]));
  const manifest = path.join(folder, 'flags.json');
  const text = formatManifest(manifestOf([stateAfter(releasing(two))]));
  const flagd = new FlagdCore(undefined, new DefaultLogger());
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 99 }),
      fc.stringMatching(/^[\w.-]{1,40}$/),
      fc.array(fc.string({ unit: 'binary', minLength: 1 }), { minLength: 1, maxLength: 30 }),
      async (percent, salt, some) => {
        const changed = text
          .replace(/("canary",\s+)10/, `$1${percent}`)
          .replace(/("stable",\s+)90/, `$1${100 - percent}`)
          .replace('/1.1.0-g2/', `/${salt}/`);

        writeFileSync(manifest, changed);
        flagd.setConfigurations(changed);
        const prompts = await openPrompts({ manifest });
        for (const user of some) {
          const { variant } = prompts.for(prompt, { user, variables });
          const theirs = flagd.resolveObjectEvaluation(
            `prompt.${prompt}`,
            {},
            { targetingKey: targetingKeyOf(user) },
          );
          expect(variant).toBe(theirs.variant);
        }
        prompts.close();
      },
    ),
    { numRuns: 60 },
  );
});
