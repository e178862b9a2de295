import { existsSync } from 'node:fs';
import path from 'node:path';
import { inputError } from '../errors.ts';
import { readJson } from '../files/read-json.ts';
import { writeWhole } from '../files/read-write.ts';
import { validate } from '../files/validate.ts';
import { renderHtml } from './html.ts';
import { renderMarkdown } from './markdown.ts';
import { runReportSchema } from './report-schema.ts';
import { type RunReport, reportSchemaVersion } from './run-report.ts';

/** Absolute paths of the three files. */
export type ReportFiles = { readonly json: string; readonly markdown: string; readonly html: string };

/** Writes report.json, report.md and report.html into a folder, which is made when missing. */
export function writeReports(folder: string, report: RunReport): ReportFiles {
  const files = {
    json: path.resolve(folder, 'report.json'),
    markdown: path.resolve(folder, 'report.md'),
    html: path.resolve(folder, 'report.html'),
  };
  writeWhole(files.json, `${JSON.stringify(report, null, 2)}\n`);
  writeWhole(files.markdown, renderMarkdown(report));
  writeWhole(files.html, renderHtml(report));
  return files;
}

/** Whether a folder holds a report. */
export function hasReport(folder: string): boolean {
  return existsSync(path.resolve(folder, 'report.json'));
}

/**
 * Reads a folder's report.json. Throws inputError when there is none, when it is not JSON, when another version of
 * promptline wrote it in another shape, or when a part of it is missing or of the wrong type.
 */
export function readReport(folder: string): RunReport {
  const shown = path.join(folder, 'report.json');
  const value = readJson(path.resolve(folder, 'report.json'), shown);
  const schema = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined;
  if (schema !== reportSchemaVersion) {
    throw inputError(
      schema === undefined
        ? 'not a report of promptline: it names no schema'
        : `the report has schema ${JSON.stringify(schema)}, this promptline reads ${reportSchemaVersion}`,
      'Use the version of promptline that wrote it, or run the command again',
      { file: shown },
    );
  }
  const place = { file: shown };
  return validate(runReportSchema, value, { value: () => place, key: () => place });
}
