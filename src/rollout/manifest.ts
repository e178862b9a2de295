import { z } from 'zod';
import { inputError } from '../errors.ts';
import type { Release, RolloutState } from './state.ts';
import { flagKey, targetingOf } from './targeting.ts';

/** What readers get for a prompt: where its content is and what it must hash to, never the content or a secret. */
const variantSchema = z.object({ ref: z.string(), sha256: z.string(), version: z.string() });

const variable = <Name extends string>(name: Name) => z.object({ var: z.literal(name) });

/** The share of users whose hash of flag, rollout and targeting key falls below the canary's percentage; others and nobody: stable. */
const targetingSchema = z.object({
  if: z.tuple([
    z.object({ '!!': z.tuple([variable('targetingKey')]) }),
    z.object({
      fractional: z.tuple([
        z.object({ cat: z.tuple([variable('$flagd.flagKey'), z.string(), variable('targetingKey')]) }),
        z.tuple([z.literal('canary'), z.int().min(1).max(99)]),
        z.tuple([z.literal('stable'), z.int().min(1).max(99)]),
      ]),
    }),
    z.null(),
  ]),
});

const flagSchema = z.object({
  /** A disabled flag would give the code's own default, not the stable version. */
  state: z.literal('ENABLED'),
  variants: z.object({ stable: variantSchema, canary: variantSchema.optional() }),
  defaultVariant: z.literal('stable'),
  targeting: targetingSchema.optional(),
  metadata: z.object({ prompt: z.string(), generation: z.int() }),
});

/** The form of `flags.json` that this tool writes and reads: flagd flag definitions, one flag for each prompt. */
const manifestSchema = z.object({
  $schema: z.string(),
  flags: z.record(z.string(), flagSchema),
});

export type Variant = z.output<typeof variantSchema>;
export type Flag = z.output<typeof flagSchema>;
export type Manifest = z.output<typeof manifestSchema>;

/**
 * What is served, made of the states of all prompts. Prompts without a stable version are not served. A revert leaves a flag without
 * canary and targeting.
 *
 * @param kept flags of prompts without a state, as they were published before
 *
 * Throws a PromptlineError for a prompt whose id is not ASCII: flagd's implementations hash other characters differently.
 */
export function manifestOf(states: readonly RolloutState[], kept: readonly Flag[] = []): Manifest {
  const flags = [...states.flatMap((state) => flagOf(state) ?? []), ...kept]
    .map((flag) => [flag.metadata.prompt, flag] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([prompt, flag]) => [flagKey(prompt), flag] as const);
  return { $schema: 'https://flagd.dev/schema/v0/flags.json', flags: Object.fromEntries(flags) };
}

/** The text of `flags.json`; {@link parseManifest} gives the same manifest back. */
export function formatManifest(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** Reads a manifest. Throws a PromptlineError where it is none: the caller keeps its last good one. */
export function parseManifest(text: string, file: string): Manifest {
  const result = manifestSchema.safeParse(parseJson(text));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw inputError(
    `this is no manifest of prompts: ${issue?.path.join('.') || 'the file'}: ${issue?.message}`,
    'Publish it anew from the states of the rollouts',
    { file },
  );
}

function flagOf({ prompt, stable, canary, generation }: RolloutState): Flag | null {
  if (stable === null) return null;
  if (/[^ -~]/.test(prompt)) {
    throw inputError(
      `the prompt ${prompt} cannot be rolled out: its name has letters beyond ASCII`,
      'Rename its file; flagd hashes such letters differently in each language',
    );
  }
  return {
    state: 'ENABLED',
    variants: {
      stable: variantOf(stable),
      ...(canary && { canary: variantOf(canary.release) }),
    },
    defaultVariant: 'stable',
    ...(canary && { targeting: targetingOf(canary) }),
    metadata: { prompt, generation },
  };
}

function variantOf({ ref, sha256, version }: Release): Variant {
  return { ref, sha256, version };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
