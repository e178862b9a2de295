import {
  aboutKeys,
  checkout,
  promptline,
  restore,
  results,
  save,
  upload,
  type WorkflowSettings,
} from './parts.ts';

/** The name by which the workflow for forks finds this one's runs. */
export const evaluateName = 'promptline evaluate';

const headRepository = 'github.event.pull_request.head.repo.full_name';

/** `promptline-evaluate.yml`: measures what a pull request changes. */
export function evaluateWorkflow(settings: WorkflowSettings): string {
  const { folder } = settings;
  const watched = ['promptline.yaml', 'prompts/**', 'datasets/**', 'metrics/**'];
  const evaluate = promptline(settings, {
    asks: true,
    inputs: [
      'command: evaluate',
      '# Empty when started by hand: then everything is measured and nothing compared.',
      `base: \${{ github.event.pull_request.base.sha }}`,
      `out: ${folder}${results}`,
      `github-token: \${{ github.token }}`,
    ],
  });
  return `# Written by \`promptline init\`. A pull request that changes a prompt, its data or its metrics is measured against its base.
name: ${evaluateName}
on:
  pull_request:
    paths:
${watched.map((path) => `      - "${folder}${path}"`).join('\n')}
  workflow_dispatch:

# Nothing by default: each job names what it needs.
permissions: {}

# A new push makes the measurement of the one before needless; its answers are kept.
concurrency:
  group: promptline-evaluate-\${{ github.event.pull_request.number || github.ref }}
  cancel-in-progress: true

jobs:
  evaluate:
    # Forks have a job of their own: nobody else's files meet a secret or a token that writes.
    if: \${{ github.event_name != 'pull_request' || ${headRepository} == github.repository }}
    runs-on: ubuntu-latest
    timeout-minutes: 60
    permissions:
      contents: read # to check out the pull request and its base
      checks: write # to say in a check whether the gates hold
      pull-requests: write # to write the report as a comment
    steps:
${[checkout({ history: true }), restore(settings), evaluate, ...aboutKeys(settings), save(settings)].join('\n')}

  # Many rows? Several machines measure a part each, and one joins them. Put this in place of \`evaluate\`:
  #
  # shard:
  #   if, runs-on, timeout-minutes: as above
  #   permissions:
  #     contents: read
  #   strategy:
  #     matrix:
  #       shard: ["1/4", "2/4", "3/4", "4/4"]
  #   steps: the steps above, promptline with the inputs
  #     shard: \${{ matrix.shard }}
  #     out: ${folder}${results}
  #   then actions/upload-artifact with
  #     name: shard-\${{ strategy.job-index }}
  #     path: ${folder}${results}
  # merge:
  #   needs: shard
  #   permissions: as above
  #   steps: checkout, actions/download-artifact with \`pattern: shard-*\` and \`path: shards\`, and the step above, without \`base\`, with
  #     command: merge
  #     dir: shards

  fork:
    if: \${{ github.event_name == 'pull_request' && ${headRepository} != github.repository }}
    runs-on: ubuntu-latest
    timeout-minutes: 10
    permissions:
      contents: read # to check the pull request out; no secret and no token that writes
    steps:
${[
  // What the fork changed is told too, which takes the base.
  checkout({ history: true }),
  promptline(settings, { inputs: ['command: check', `out: ${folder}${results}`] }),
  upload('promptline-fork', `${folder}${results}`),
].join('\n')}
`;
}
