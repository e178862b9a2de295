import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe } from 'vitest';

/** Tests against one file of the shared reference values, which are not part of the repository. */
export function describeGoldens<T>(subject: string, file: string, tests: (goldens: () => T) => void): void {
  const absolute = path.resolve(import.meta.dirname, '../../../shared/goldens', file);
  const present = existsSync(absolute);
  const name = present ? `${subject}: ${file}` : `${subject}: SKIPPED, reference data not present (${file})`;
  // seqeval wrote NaN, which JSON does not have.
  const read = () => JSON.parse(readFileSync(absolute, 'utf8').replaceAll(/\bNaN\b/g, 'null')) as T;
  describe.skipIf(!present)(name, () => tests(read));
}
