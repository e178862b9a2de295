import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe } from 'vitest';

type Goldens = {
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
