import { readdirSync } from 'node:fs';
import path from 'node:path';
import { addUsage, noUsage, type Usage } from '../../models/usage.ts';
import type { Spend } from '../../reports/dashboard/dashboard.ts';
import type { RunReport } from '../../reports/run-report.ts';
import { hasReport, readReport } from '../../reports/write-reports.ts';
import { attempt } from '../attempt.ts';

const folder = path.join('.promptline', 'runs');

/** What the runs whose results are below `.promptline/runs` took, by prompt. One that cannot be read is told to `note`. */
export function readRuns(root: string, note: (problem: string) => void): readonly Spend[] {
  const usages = new Map<string, Usage>();
  for (const run of foldersIn(path.join(root, folder)).filter(hasReport)) {
    const read = attempt(() => readReport(run));
    if ('problem' in read) note(read.problem);
    else
      for (const { id, usage } of usagesOf(read.value))
        usages.set(id, addUsage(usages.get(id) ?? noUsage, usage));
  }
  return [...usages].map(([prompt, { calls, inputTokens, outputTokens, usd }]) => ({
    prompt,
    calls,
    inputTokens,
    outputTokens,
    usd,
  }));
}

/** The final measurement of an optimization is part of what its proposal took. */
function usagesOf({
  prompts,
  proposals,
}: RunReport): readonly { readonly id: string; readonly usage: Usage }[] {
  if (proposals) return proposals;
  return prompts.map(({ id, usage, metricUsage }) => ({ id, usage: addUsage(usage, metricUsage) }));
}

function foldersIn(parent: string): string[] {
  try {
    return readdirSync(parent).map((name) => path.join(parent, name));
  } catch {
    // Nothing was run here.
    return [];
  }
}
