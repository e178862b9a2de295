/**
 * Generates schemas/*.schema.json (for editors) and docs/reference.md (for people) from the zod schemas, the table of the local store,
 * and README.md's table of the Action from action.yml. `--check` fails when they are not what the code says.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { configurationSchema } from '../src/config/schema.ts';
import { datasetFileSchema } from '../src/datasets/schema.ts';
import { metricDefinitions } from '../src/metrics/registry.ts';
import { scorebookSchema } from '../src/optimization/scorebook-schema.ts';
import { promptFileSchema } from '../src/prompts/schema.ts';
import { storeSchema } from '../src/telemetry/store/schema.ts';
import { withActionTable } from './action-table.ts';

const root = path.resolve(import.meta.dirname, '..');

type Node = {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  description?: string;
  default?: unknown;
  properties?: Record<string, Node>;
  required?: string[];
  additionalProperties?: Node | boolean;
  items?: Node;
  anyOf?: Node[];
  oneOf?: Node[];
};

const files = {
  configuration: { title: '`promptline.yaml`', schema: configurationSchema },
  prompt: { title: '`prompts/<family>/<name>.prompt.yaml`', schema: promptFileSchema },
  dataset: { title: '`datasets/<family>/{train,dev,test}.yaml` or `.jsonl`', schema: datasetFileSchema },
  scorebook: { title: '`scores/<family>/<name>.yaml`', schema: scorebookSchema },
};

function jsonSchema(schema: z.ZodType): Node {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Node;
}

function reference(): string {
  const parts = Object.values(files).map(
    ({ title, schema }) => `## ${title}\n\n${table(jsonSchema(schema))}`,
  );
  const metrics = [...metricDefinitions.values()].map((definition) => {
    const options = jsonSchema(definition.options);
    const hasOptions = Object.keys(options.properties ?? {}).length > 0;
    return `### \`${definition.use}\`\n\n${definition.description}\n${hasOptions ? `\n${table(options)}` : ''}`;
  });
  return [
    '# File reference',
    '',
    'Generated from the schemas by `npm run schemas`. The same schemas stand in `schemas/` for editors.',
    '',
    ...parts,
    '## Metrics',
    '',
    "Each is named under `use` (or by its own name) in a family's `metrics`; the options stand beside `use`.",
    '',
    ...metrics,
  ].join('\n');
}

function table(schema: Node): string {
  const rows = [...new Set(describe(schema, ''))];
  return ['| key | type | meaning |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

function describe(node: Node, prefix: string): string[] {
  const inner = [...(node.anyOf ?? []), ...(node.oneOf ?? [])].flatMap((branch) => describe(branch, prefix));
  const properties = Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    const key = prefix === '' ? name : `${prefix}.${name}`;
    const fallback =
      child.default === undefined || typeof child.default === 'object'
        ? ''
        : ` Default \`${child.default}\`.`;
    const required = node.required?.includes(name) && child.default === undefined ? '' : ' (optional)';
    const meaning = (child.description ?? '').replaceAll('|', '\\|').replaceAll('\n', ' ');
    return [
      `| \`${key}\` | ${typeName(child)}${required} | ${meaning}${fallback} |`,
      ...describe(child, key),
    ];
  });
  const named =
    typeof node.additionalProperties === 'object'
      ? describe(node.additionalProperties, `${prefix}.NAME`)
      : [];
  const items = node.items ? describe(node.items, `${prefix}[]`) : [];
  return [...inner, ...properties, ...named, ...items];
}

function typeName(node: Node): string {
  if (node.const !== undefined) return `\`${String(node.const)}\``;
  if (node.enum) return node.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (node.type === 'array') return `list of ${node.items ? typeName(node.items) : 'anything'}`;
  if (node.type) return node.type === 'object' ? 'map' : node.type;
  return (
    [...new Set([...(node.anyOf ?? []), ...(node.oneOf ?? [])].map(typeName))].join(' or ') || 'anything'
  );
}

function read(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

const outputs = new Map<string, string>([
  ...Object.entries(files).map(
    ([name, { schema }]) =>
      [`schemas/${name}.schema.json`, `${JSON.stringify(jsonSchema(schema), null, 2)}\n`] as const,
  ),
  [
    'schemas/telemetry.sqlite.sql',
    `-- Telemetry as rows, one for each event, for SQLite 3.42 or newer. What the columns mean: docs/telemetry.md.\n${storeSchema}`,
  ],
  ['docs/reference.md', `${reference().trimEnd()}\n`],
  ['README.md', withActionTable(read('README.md'), read('action.yml'))],
]);
const stale = [...outputs].filter(([file, text]) => {
  const absolute = path.join(root, file);
  return !existsSync(absolute) || readFileSync(absolute, 'utf8') !== text;
});
if (process.argv.includes('--check')) {
  if (stale.length > 0) {
    console.error(
      `${stale.map(([file]) => file).join(', ')} do not follow the code. Run \`npm run schemas\` and commit.`,
    );
    process.exit(1);
  }
  console.log('Schemas, reference and the README follow the code.');
} else {
  for (const [file, text] of outputs) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
}
