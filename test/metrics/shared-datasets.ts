import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe } from 'vitest';
import type { Example } from '../../src/datasets/dataset.ts';
import { loadDataset } from '../../src/datasets/load.ts';

/** Tests against the test split of a shared dataset, which is not part of the repository. */
export function describeTestSplit(
  subject: string,
  family: string,
  tests: (examples: () => readonly Example[]) => void,
): void {
  const absolute = path.resolve(import.meta.dirname, '../../../shared/datasets', family, 'test.yaml');
  const present = existsSync(absolute);
  const name = present
    ? `${subject}: ${family}`
    : `${subject}: SKIPPED, reference data not present (${family})`;
  describe.skipIf(!present)(name, () => tests(() => loadDataset(absolute, family, 'test').examples));
}
