import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { validate } from '@actions/languageservice';
import { parseWorkflow } from '@actions/workflow-parser';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parse } from 'yaml';

type Metadata = { inputs: readonly string[]; outputs?: readonly string[] };

const own = parse(readFileSync(path.resolve(import.meta.dirname, '../../action.yml'), 'utf8'));

/** What actions take and give, as their own action.yml says. */
const actions: Readonly<Record<string, Metadata>> = {
  'actions/checkout': { inputs: ['fetch-depth', 'persist-credentials', 'ref', 'repository'] },
  'actions/setup-node': { inputs: ['node-version'] },
  'actions/cache/restore': { inputs: ['path', 'key', 'restore-keys'] },
  'actions/cache/save': { inputs: ['path', 'key'] },
  'actions/upload-artifact': { inputs: ['name', 'path', 'if-no-files-found'] },
  'actions/upload-pages-artifact': { inputs: ['path'] },
  'actions/deploy-pages': { inputs: [], outputs: ['page_url'] },
  'actions/download-artifact': { inputs: ['name', 'pattern', 'path', 'run-id', 'github-token'] },
  'promptline/promptline': { inputs: Object.keys(own.inputs), outputs: Object.keys(own.outputs) },
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
      async fetchActionMetadata({ owner, name: action, path: below }) {
        const metadata = actions[[owner, action, below].filter(Boolean).join('/')];
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
