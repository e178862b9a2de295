import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatManifest, manifestOf, parseManifest } from '../../src/rollout/manifest.ts';
import { pinnedPrompts } from '../../src/runtime/content.ts';
import { readFlags } from '../../src/runtime/flags.ts';
import { type Serving, serve, servedContents } from '../../src/runtime/serving.ts';
import { byPerson } from '../rollout/fixtures.ts';
import { one, releasing, stateAfter, stateOf, two, versionOf } from './fixtures.ts';

const manifest = manifestOf([
  stateAfter(releasing(two)),
  stateOf('summarization/default', releasing(versionOf('2.0.0', 'other', 'summarization/default'))),
]);

describe('the flags of a manifest', () => {
  test('are those that the strict reader of manifests gives', () => {
    const { flags } = parseManifest(formatManifest(manifest), 'flags.json');
    const read = readFlags(formatManifest(manifest), 'flags.json');
    expect([...read.values()]).toEqual(Object.values(flags));
  });

  test('what the strict reader refuses, this one refuses too', () => {
    let refused = 0;
    const values = fc.oneof(
      fc.constantFrom(null, 0, 1.5, 100, -1, '', 'canary', true, [], {}, '../x'),
      fc.jsonValue({ maxDepth: 2 }),
    );
    fc.assert(
      fc.property(fc.nat(), values, (which, value) => {
        const changed = structuredClone(manifest);
        const places = placesIn(changed.flags);
        const place = places[which % places.length]!;
        place.holder[place.key] = value as never;
        const text = JSON.stringify(changed);
        if (isTaken(() => parseManifest(text, 'flags.json'))) return;
        refused += 1;
        expect(
          isTaken(() => readFlags(text, 'flags.json')),
          text,
        ).toBe(false);
      }),
      { numRuns: 2000 },
    );
    expect(refused).toBeGreaterThan(500);
  });
});

type Place = { readonly holder: Record<string, unknown>; readonly key: string };

/** Every place below a value that something else could stand in. */
function placesIn(value: object): Place[] {
  const holder = value as Record<string, unknown>;
  return Object.entries(holder).flatMap(([key, inner]) => [
    { holder, key },
    ...(typeof inner === 'object' && inner !== null ? placesIn(inner) : []),
  ]);
}

function isTaken(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}

describe('whatever manifests come in whatever order, with whatever contents', () => {
  const versions = ['1.0.0', '1.1.0', '1.2.0', '1.3.0'].map((version) => versionOf(version));
  const pinned = pinnedPrompts(versions.map(({ document }) => ({ ...document, id: document.version })));
  const events = fc.array(
    fc.oneof(
      fc.constantFrom(...versions.slice(1)).map(releasing),
      fc.constantFrom('advance' as const, 'revert' as const).map((type) => byPerson(type)),
    ),
    { maxLength: 8 },
  );

  test('what is served has its own content, never gets older, and never ends', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(events, fc.subarray(versions)), { maxLength: 6 }), (manifests) => {
        let serving: Serving = new Map();
        for (const [happened, available] of manifests) {
          const flags = readFlags(formatManifest(manifestOf([stateAfter(...happened)])), 'flags.json');
          const contents = servedContents(serving);
          for (const { release } of available)
            contents.set(release.sha256, pinned.get(release.version)!.content);
          const next = serve(flags, contents, serving);
          for (const [prompt, before] of serving) {
            const { metadata } = next.get(prompt)!.flag;
            expect(metadata.generation).toBeGreaterThanOrEqual(before.flag.metadata.generation);
          }
          for (const { flag, stable, canary } of next.values()) {
            expect(stable).toBe(pinned.get(flag.variants.stable.version)?.content);
            if (canary) expect(canary).toBe(pinned.get(flag.variants.canary!.version)?.content);
          }
          serving = next;
        }
      }),
      { numRuns: 300 },
    );
  });

  test('a revert takes effect with no content but what is served', () => {
    const before = readFlags(formatManifest(manifestOf([stateAfter(releasing(two))])), 'flags.json');
    const contents = new Map(
      [one, two].map(({ release }) => [release.sha256, pinned.get(release.version)!.content]),
    );
    const serving = serve(before, contents, new Map());
    const reverted = manifestOf([stateAfter(releasing(two), byPerson('revert'))]);
    const after = serve(readFlags(formatManifest(reverted), 'flags.json'), servedContents(serving), serving);
    const [served] = after.values();
    expect([served?.canary, served?.flag.variants.canary]).toEqual([null, undefined]);
  });
});
