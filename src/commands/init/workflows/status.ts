import {
  aboutTelemetry,
  checkout,
  deployPages,
  promptline,
  uploadPages,
  type WorkflowSettings,
} from './parts.ts';

const site = 'promptline-site';

/** `promptline-status.yml`: keeps the dashboard on GitHub Pages. */
export function statusWorkflow(settings: WorkflowSettings): string {
  const status = promptline(settings, {
    inputs: ['command: status', `html: ${site}/index.html`, `github-token: \${{ github.token }}`],
  });
  return `# Written by \`promptline init\`. Keeps a page of all prompts on GitHub Pages: versions, scores, rollouts, spend, and what to do next. It
# does nothing until the repository's variable PROMPTLINE_PAGES is \`true\` and Pages is set to "GitHub Actions". Who can see Pages can
# read the page: on most plans that is everybody, for a private repository too.
name: promptline status
on:
  schedule:
    - cron: "43 5 * * *" # UTC. At full hours GitHub is busy and drops runs.
  workflow_run:
    workflows: ["promptline release"]
    types: [completed]
  workflow_dispatch:

# Nothing by default: each job names what it needs.
permissions: {}

# The newest state is deployed; one that is out of date need not be.
concurrency:
  group: promptline-status
  cancel-in-progress: true

jobs:
  status:
    if: \${{ vars.PROMPTLINE_PAGES == 'true' }}
    runs-on: ubuntu-latest
    timeout-minutes: 15
    permissions:
      contents: read # to check the repository out, and to read the branch with the state of rollouts
    steps:
${checkout({ history: false })}
${aboutTelemetry}
${[status, uploadPages(site)].join('\n')}

  deploy:
    needs: status
    runs-on: ubuntu-latest
    timeout-minutes: 10
    environment:
      name: github-pages
      url: \${{ steps.pages.outputs.page_url }}
    permissions:
      pages: write # to publish the page
      id-token: write # Pages checks by it that this repository publishes
    steps:
${deployPages('pages')}
`;
}
