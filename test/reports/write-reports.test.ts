import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeError } from '../../src/errors.ts';
import { readReport, writeReports } from '../../src/reports/write-reports.ts';
import { comparedPrompt, comparedRun, failedPrompt } from './comparison-fixture.ts';
import { acceptedProposal, evaluation, rejectedProposal, report } from './fixtures.ts';
import { hostileTexts } from './hostile-fixture.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'promptline-reports-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function messageOfReading(): string {
  try {
    readReport(folder);
  } catch (error) {
    return describeError(error);
  }
  throw new Error('readReport should have thrown');
}

function writeJson(value: unknown): void {
  writeFileSync(path.join(folder, 'report.json'), JSON.stringify(value));
}

describe('writing', () => {
  const gate = { passed: false, reasons: ['too low'], notes: ['not judged'] };

  it('makes the folder and leaves the three files, and the JSON reads back as it was', () => {
    const run = comparedRun({
      proposals: [acceptedProposal(), rejectedProposal()],
      prompts: [evaluation(), comparedPrompt(), failedPrompt(), evaluation({ gate, baseProblem: 'none' })],
      unchanged: ['family/name'],
      shard: { index: 1, of: 2 },
      ended: hostileTexts.join('\n'),
    });
    const nested = path.join(folder, 'runs', 'first');
    const files = writeReports(nested, run);
    expect(readReport(nested)).toEqual(run);
    expect(readFileSync(files.markdown, 'utf8')).toMatch(/^> \[!CAUTION\]/);
    expect(readFileSync(files.html, 'utf8')).toMatch(/^<!doctype html>/);
  });
});

describe('reading', () => {
  it('names a missing file', () => {
    expect(messageOfReading()).toMatch(/report\.json: the file does not exist/);
  });

  it('says when it is not JSON', () => {
    writeFileSync(path.join(folder, 'report.json'), '{"schema": 1,');
    expect(messageOfReading()).toMatch(/report\.json: not JSON\. Run the command that wrote it again/);
  });

  it('refuses another schema by name', () => {
    writeJson({ ...report(), schema: 2 });
    expect(messageOfReading()).toMatch(/the report has schema 2, this promptline reads 1\. Use the version/);
  });

  it.each([[{ some: 'thing' }], [[]], ['text'], [null]])('refuses %j, which is no report', (value) => {
    writeJson(value);
    expect(messageOfReading()).toContain('it names no schema');
  });

  it('says which part has the wrong shape', () => {
    const { metrics: _, ...prompt } = evaluation();
    writeJson({ ...report(), prompts: [prompt] });
    expect(messageOfReading()).toMatch(/report\.json: prompts\.0.*metrics/);
  });

  it('ignores keys a later version may add', () => {
    writeJson({ ...report(), later: true });
    expect(readReport(folder)).toEqual(report());
  });
});
