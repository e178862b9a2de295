import { inputError } from '../errors.ts';
import type { RunReport } from '../reports/run-report.ts';
import { readReport } from '../reports/write-reports.ts';

/** Reads the results of an earlier run so that its report can be written again. */
export function runReport(folder: string | undefined): RunReport {
  if (folder === undefined) throw inputError('no folder named', 'Name the --out folder of an earlier run');
  return readReport(folder);
}
