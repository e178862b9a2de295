import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import { inputError, type Location } from '../errors.ts';
import { readText } from '../files/read-write.ts';
import { validate, validateYaml } from '../files/validate.ts';
import { locate, parseYaml, refuseEmpty, refuseInexactNumbers } from '../files/yaml-source.ts';
import type { Dataset, Example, ExampleSource, Split } from './dataset.ts';
import { readJsonLines } from './json-lines.ts';
import { datasetFileSchema, exampleSchema } from './schema.ts';

/** Extensions of a split's file, in order of preference. */
const extensions = ['.yaml', '.yml', '.jsonl'];

/** The file of a split in a dataset folder; `shown` is the folder as people see it. */
export function splitFile(folder: string, split: Split, shown: string): string {
  const candidates = extensions.map((extension) => path.join(folder, split + extension));
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found) return found;
  throw inputError('the file does not exist', `Write it, or ${split}.jsonl, beside the other splits`, {
    file: `${shown}/${split}.yaml`,
  });
}

/** One example and where it stands. */
type Row = { readonly example: Example; readonly place: () => Location };

/** Looks at a row while its file is read; throws an input error for one that cannot be used. */
export type Inspect = (row: Row) => void;

/**
 * Reads a dataset, YAML or JSON Lines by its extension. Refuses an empty one, duplicate ids, and what `inspect` refuses.
 */
export function loadDataset(file: string, shown: string, split: Split, inspect?: Inspect): Dataset {
  const examples: Example[] = [];
  const { digest } = readAll(file, shown, (row) => {
    inspect?.(row);
    examples.push(row.example);
  });
  return { path: shown, split, digest, examples };
}

/**
 * Checks a dataset as {@link loadDataset} does, without keeping it: its examples are read from the file again at each
 * pass, so that a JSON Lines file of any length takes constant memory.
 */
export function openDataset(file: string, shown: string, split: Split, inspect?: Inspect): ExampleSource {
  const { digest, n } = readAll(file, shown, inspect);
  return { path: shown, split, digest, n, examples: () => readAgain(file, shown, digest) };
}

/** Throws when the file is no longer the one that was checked: a result must name the data it was measured on. */
function* readAgain(file: string, shown: string, digest: string): Generator<Example> {
  const hash = createDigest();
  for (const { example } of readRows(file, shown)) {
    hash.add(example);
    yield example;
  }
  if (hash.hex() === digest) return;
  throw inputError('the file changed while it was measured', 'Run the same command again', { file: shown });
}

function readAll(file: string, shown: string, inspect?: Inspect): { digest: string; n: number } {
  const hash = createDigest();
  const lineOfId = new Map<string, number | undefined>();
  for (const row of readRows(file, shown)) {
    const { example, place } = row;
    if (lineOfId.has(example.id)) throw duplicateId(example.id, lineOfId.get(example.id), place());
    lineOfId.set(example.id, place().line);
    inspect?.(row);
    hash.add(example);
  }
  if (lineOfId.size > 0) return { digest: hash.hex(), n: lineOfId.size };
  throw inputError('the dataset has no examples', 'Write at least one', { file: shown, line: 1, column: 1 });
}

/** sha256 over the examples' canonical JSON, hex; formatting and comments do not change it. */
function createDigest() {
  const hash = createHash('sha256');
  return {
    add({ id, input, expected, tags, cluster }: Example): void {
      hash.update(`${JSON.stringify([id, input, expected, tags, cluster])}\n`);
    },
    hex: () => hash.digest('hex'),
  };
}

function readRows(file: string, shown: string): Iterable<Row> {
  return file.endsWith('.jsonl') ? jsonLinesRows(file, shown) : yamlRows(shown, readText(file, shown));
}

function yamlRows(shown: string, text: string): Row[] {
  const source = parseYaml(shown, text);
  refuseEmpty(source, 'Write `examples:` and at least one');
  refuseInexactNumbers(source);
  const content = validateYaml(datasetFileSchema, source);
  const bare = Array.isArray(content);
  const rows = bare ? content : content.examples;
  return rows.map((row, index) => ({
    example: toExample(row),
    place: () => locate(source, bare ? [index] : ['examples', index]),
  }));
}

function* jsonLinesRows(file: string, shown: string): Generator<Row> {
  for (const { line, value, places } of readJsonLines(file, shown)) {
    const example = toExample(validate(exampleSchema, value, places));
    yield { example, place: () => ({ file: shown, line, column: 1 }) };
  }
}

function toExample(row: z.output<typeof exampleSchema>): Example {
  return {
    id: row.id,
    input: row.input,
    expected: typeof row.expected === 'string' ? { text: row.expected } : row.expected,
    tags: row.tags,
    cluster: row.cluster ?? row.id,
  };
}

function duplicateId(id: string, firstLine: number | undefined, place: Location) {
  return inputError(
    `duplicate id "${id}"`,
    `The first stands in line ${firstLine ?? '?'}; give each example its own id`,
    place,
  );
}
