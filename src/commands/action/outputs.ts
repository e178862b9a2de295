import { existsSync } from 'node:fs';
import path from 'node:path';
import * as core from '@actions/core';
import { gateOf } from '../../reports/run-report.ts';
import type { EndedRun } from './outcome.ts';

/** Sets the Action's outputs: paths, and lists as JSON. */
export function setOutputs({ out, results, report }: EndedRun): void {
  for (const [name, value] of Object.entries(results)) core.setOutput(name, JSON.stringify(value));
  if (out !== null && existsSync(out)) core.setOutput('out', out);
  if (out === null || !report) return;
  const { prompts, proposals = [] } = report;
  const failed = prompts.filter((prompt) => gateOf(prompt, report)?.passed === false);
  const usages = [...prompts, ...proposals].map(({ usage }) => usage);
  core.setOutput('report', path.join(out, 'report.json'));
  core.setOutput('measured', idsOf(prompts));
  core.setOutput('failed-gates', idsOf(failed));
  core.setOutput('accepted', idsOf(proposals.filter(({ accepted }) => accepted)));
  core.setOutput('calls', String(usages.reduce((sum, { calls }) => sum + calls, 0)));
}

function idsOf(entries: readonly { readonly id: string }[]): string {
  return JSON.stringify([...new Set(entries.map(({ id }) => id))]);
}
