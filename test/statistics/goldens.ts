import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe } from 'vitest';

type Goldens = {
  readonly lambda_grid: { readonly values: readonly number[] };
  readonly e_process: { readonly payoffs: readonly number[]; readonly lnE: readonly number[] };
  readonly guard: {
    readonly seed: number;
    readonly margin: number;
    readonly firstReachesLn20: {
      readonly event: number;
      readonly canary: number;
      readonly blocks: number;
      readonly lnE: number;
    };
    readonly end: { readonly blocks: number; readonly lnE: number };
  };
  readonly sample_ratio: {
    readonly cases: readonly {
      readonly nT: number;
      readonly nC: number;
      readonly p: number;
      readonly lnE: number;
    }[];
  };
  readonly asymptotic_cs: {
    readonly rho: { readonly alpha: number; readonly nStar: number; readonly value: number };
    readonly half: { readonly n: number; readonly s: number; readonly value: number };
  };
  readonly murmur3_x86_32: Readonly<Record<string, string>>;
  readonly simulation_bounds: {
    readonly aa_false_revert_at_E20_max: number;
    readonly ramp_with_shared_decline_false_revert_max: number;
    readonly detection_canary_users_median: Readonly<Record<string, number>>;
  };
  readonly generator: { readonly seed: number; readonly first: readonly number[] };
  readonly mcnemar: readonly {
    readonly b: number;
    readonly c: number;
    readonly exact: number;
    readonly midP?: number;
  }[];
  readonly holm: { readonly p: readonly number[]; readonly adjusted: readonly number[] };
  readonly benjamini_hochberg: { readonly p: readonly number[]; readonly adjusted: readonly number[] };
};

const file = path.resolve(import.meta.dirname, '../../../shared/goldens/statistics.json');
const present = existsSync(file);

/** Tests against the shared reference values, which are not part of the repository. */
export function describeGoldens(subject: string, tests: (goldens: () => Goldens) => void): void {
  const name = present
    ? `${subject}: reference values`
    : `${subject}: SKIPPED, reference data not present (${path.basename(file)})`;
  describe.skipIf(!present)(name, () => tests(() => JSON.parse(readFileSync(file, 'utf8'))));
}
