import { createHash } from 'node:crypto';
import { validate } from '@actions/languageservice';
import { parseWorkflow } from '@actions/workflow-parser';
import { TextDocument } from 'vscode-languageserver-textdocument';

type Metadata = { inputs: readonly string[]; outputs?: readonly string[] };

/** What actions take and give, as their own action.yml says. */
const actions: Readonly<Record<string, Metadata>> = {
  'actions/checkout': { inputs: ['fetch-depth', 'persist-credentials', 'ref', 'repository'] },
  'actions/setup-node': { inputs: ['node-version'] },
  'actions/cache': { inputs: ['path', 'key', 'restore-keys'] },
  'actions/upload-artifact': { inputs: ['name', 'path', 'if-no-files-found'] },
  'actions/download-artifact': { inputs: ['name', 'pattern', 'path', 'run-id', 'github-token'] },
  'promptline/promptline': {
    inputs: [
      ...[
        'command',
        'ids',
        'split',
        'base',
        'limit',
        'shard',
        'repeat',
        'strategy',
        'seed',
        'model',
        'calls',
      ],
      ...[
        'tokens',
        'usd',
        'minutes',
        'concurrency',
        'root',
        'out',
        'dir',
        'github-token',
        'interval',
        'reason',
      ],
    ],
    outputs: ['exit-code', 'report', 'matrix', 'proposals', 'under-way', 'ready'],
  },
};

const described = (names: readonly string[] = []) =>
  Object.fromEntries(names.map((name) => [name, { description: name }]));

/** What GitHub's own language service and parser say of a workflow: one line for each problem. */
export async function problemsOf(name: string, text: string): Promise<string[]> {
  const parsed = parseWorkflow({ name, content: text }, { info() {}, error() {}, verbose() {} });
  // The service keeps what it parsed by address, so each text needs one of its own.
  const address = `file:///${createHash('sha256').update(text).digest('hex')}/${name}`;
  const diagnostics = await validate(TextDocument.create(address, 'yaml', 1, text), {
    actionsMetadataProvider: {
      async fetchActionMetadata({ owner, name: action }) {
        const metadata = actions[`${owner}/${action}`];
        if (!metadata) return undefined;
        const { inputs, outputs } = metadata;
        return { name: action, description: action, inputs: described(inputs), outputs: described(outputs) };
      },
    },
  });
  return [
    ...parsed.context.errors.getErrors().map(({ message }) => message),
    ...diagnostics.map(({ message, range }) => `${range.start.line + 1}: ${message}`),
  ];
}
