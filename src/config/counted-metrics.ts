import type { z } from 'zod';
import type { rolloutConfigSchema } from './rollout.ts';
import type { telemetryConfigSchema } from './telemetry.ts';

type Watching = {
  readonly rollout?: z.output<typeof rolloutConfigSchema> | undefined;
  readonly telemetry: z.output<typeof telemetryConfigSchema>;
};

/**
 * Metrics of rollouts that no source can give, so that no step would ever be taken, and metrics that two sources would count twice;
 * with the place of each.
 */
export function countingProblems({
  rollout,
  telemetry: { sources },
}: Watching): readonly { readonly path: PropertyKey[]; readonly message: string }[] {
  const counted = new Set<string>();
  const twice = sources.flatMap((source, index) =>
    source.type !== 'prometheus'
      ? []
      : Object.keys(source.metrics).flatMap((name) => {
          const isKnown = counted.has(name);
          counted.add(name);
          const path = ['telemetry', 'sources', index, 'metrics', name];
          return isKnown ? [{ path, message: 'an earlier source counts it already' }] : [];
        }),
  );
  const hasUsers = sources.length === 0 || sources.some(({ type }) => type !== 'prometheus');
  const missing = Object.entries(rollout?.metrics ?? {}).flatMap(([name, { from }]) => {
    const path = ['rollout', 'metrics', name];
    if (from === 'counters' && !counted.has(name))
      return [
        {
          path: [...path, 'from'],
          message: `no source of telemetry.sources counts it: give one of type prometheus metrics.${name}`,
        },
      ];
    if (from === 'users' && !hasUsers)
      return [
        { path, message: 'no source of telemetry.sources knows users: watch it with `from: counters`' },
      ];
    return [];
  });
  return [...twice, ...missing];
}
