import { alertsWorkflow } from './alerts.ts';
import { evaluateWorkflow } from './evaluate.ts';
import { forkReportWorkflow } from './fork-report.ts';
import { harvestWorkflow } from './harvest.ts';
import { optimizeWorkflow } from './optimize.ts';
import type { WorkflowSettings } from './parts.ts';
import { releaseWorkflow } from './release.ts';
import { statusWorkflow } from './status.ts';
import { advanceWorkflow, revertWorkflow, watchWorkflow } from './watch.ts';

/** Every workflow that `init` writes, by its path in the repository. */
export const workflows: Readonly<Record<string, (settings: WorkflowSettings) => string>> = {
  '.github/workflows/promptline-evaluate.yml': evaluateWorkflow,
  '.github/workflows/promptline-fork-report.yml': forkReportWorkflow,
  '.github/workflows/promptline-alerts.yml': alertsWorkflow,
  '.github/workflows/promptline-harvest.yml': harvestWorkflow,
  '.github/workflows/promptline-optimize.yml': optimizeWorkflow,
  '.github/workflows/promptline-release.yml': releaseWorkflow,
  '.github/workflows/promptline-advance.yml': advanceWorkflow,
  '.github/workflows/promptline-revert.yml': revertWorkflow,
  '.github/workflows/promptline-watch.yml': watchWorkflow,
  '.github/workflows/promptline-status.yml': statusWorkflow,
};
