import { describe, expect, test } from 'vitest';
import { formatManifest, manifestOf, parseManifest } from '../../src/rollout/manifest.ts';
import { initialState } from '../../src/rollout/state.ts';
import { validateManifest } from '../../src/rollout/validate-manifest.ts';
import { byPerson, planWith, play, released } from './fixtures.ts';

const underWay = play([released('1.0.0'), released('1.1.0')]).state;
const other = play([released('2.0.0')], planWith(), initialState('summarization/default')).state;

describe('the manifest', () => {
  const manifest = manifestOf([other, underWay, initialState('reasoning/unreleased')]);
  const text = formatManifest(manifest);

  test('holds a flag for each released prompt, a canary only where one is under way', () => {
    expect(Object.keys(manifest.flags)).toEqual([
      'prompt.query_processing/default',
      'prompt.summarization/default',
    ]);
    const [canary, alone] = Object.values(manifest.flags);
    expect(Object.keys(canary!.variants)).toEqual(['stable', 'canary']);
    expect(canary!.targeting?.if[1].fractional[0].cat[1]).toBe('/1.1.0-g2/');
    expect(alone).toEqual({
      state: 'ENABLED',
      variants: { stable: other.stable },
      defaultVariant: 'stable',
      metadata: { prompt: 'summarization/default', generation: 1 },
    });
  });

  test("follows flagd's own schema, and reads back as it was", () => {
    expect(() => validateManifest(text)).not.toThrow();
    expect(parseManifest(text, 'flags.json')).toEqual(manifest);
  });

  test('loses canary and targeting by a revert, the other prompts nothing', () => {
    const reverted = manifestOf([other, play([byPerson('revert')], planWith(), underWay).state]);
    const flag = reverted.flags['prompt.query_processing/default'];
    expect(flag).not.toHaveProperty('targeting');
    expect(flag?.variants).toEqual({ stable: underWay.stable });
    expect(reverted.flags['prompt.summarization/default']).toEqual(
      manifest.flags['prompt.summarization/default'],
    );
  });

  test.each([
    ['decimal weights', (good: string) => good.replaceAll(/"canary",\s+10/g, '"canary", 10.5')],
    ['mixed variants', (good: string) => good.replace(/"canary": \{[^}]*\}/, '"canary": "a text"')],
    ['an unknown state', (good: string) => good.replace('ENABLED', 'ON')],
    ['a cut file', (good: string) => good.slice(0, 200)],
  ])('with %s is refused before it is published, and by who reads it', (_, broken) => {
    expect(broken(text)).not.toBe(text);
    expect(() => validateManifest(broken(text))).toThrow("does not follow flagd's schema");
    expect(() => parseManifest(broken(text), 'flags.json')).toThrow('no manifest of prompts');
  });

  test('refuses names that the languages hash differently', () => {
    const abroad = play([released('1.0.0')], planWith(), initialState('анализ/default')).state;
    expect(() => manifestOf([abroad])).toThrow('letters beyond ASCII');
  });
});
