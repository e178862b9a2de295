import { checkout, promptline, type WorkflowSettings } from './parts.ts';

/** `promptline-release.yml`: releases what was merged. */
export function releaseWorkflow(settings: WorkflowSettings): string {
  const { folder } = settings;
  const release = promptline(settings, {
    inputs: ['command: release', `github-token: \${{ github.token }}`],
  });
  return `# Written by \`promptline init\`. A merged version of a prompt becomes an immutable release and, where promptline.yaml has \`rollout:\`,
# reaches the first users.
name: promptline release
on:
  push:
    paths:
${['promptline.yaml', 'prompts/**'].map((path) => `      - "${folder}${path}"`).join('\n')}
  workflow_dispatch:

# Nothing by default: each job names what it needs.
permissions: {}

# Runs wait for each other and none is dropped.
concurrency:
  group: promptline-release
  queue: max
  cancel-in-progress: false

jobs:
  release:
    if: \${{ github.ref == format('refs/heads/{0}', github.event.repository.default_branch) }}
    runs-on: ubuntu-latest
    timeout-minutes: 20
    permissions:
      contents: write # to publish releases and their tags, and to write the branch with the state of rollouts
    steps:
${[checkout({ history: false }), release].join('\n')}
`;
}
