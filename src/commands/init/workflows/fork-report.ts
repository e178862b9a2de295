import { evaluateName } from './evaluate.ts';
import { checkoutOfAction, download, promptline, results, type WorkflowSettings } from './parts.ts';

/** `promptline-fork-report.yml`: says on a fork's pull request what its check found. */
export function forkReportWorkflow(settings: WorkflowSettings): string {
  const isLocal = settings.action === './';
  const steps = [
    ...checkoutOfAction(settings),
    download(
      'name: promptline-fork',
      `path: ${settings.folder}${results}`,
      `run-id: \${{ github.event.workflow_run.id }}`,
      `github-token: \${{ github.token }}`,
    ),
    promptline(settings, {
      inputs: ['command: report', `dir: ${settings.folder}${results}`, `github-token: \${{ github.token }}`],
    }),
  ];
  return `# Written by \`promptline init\`. The job for forks may write nothing; this one, which runs none of a fork's files, writes its
# results on the pull request. It takes them as data.
name: promptline fork report
on:
  workflow_run:
    workflows: ["${evaluateName}"]
    types: [completed]

# Nothing by default: each job names what it needs.
permissions: {}

jobs:
  report:
    if: \${{ github.event.workflow_run.event == 'pull_request' && github.event.workflow_run.head_repository.full_name != github.repository }}
    runs-on: ubuntu-latest
    timeout-minutes: 10
    permissions:
      actions: read # to download the results of the other run
      checks: write # to write the check
      pull-requests: write # to write the comment
${isLocal ? '      contents: read # to check out the Action itself, from the default branch\n' : ''}    steps:
${steps.join('\n')}
`;
}
