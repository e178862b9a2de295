import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import { inputError, type Location } from '../errors.ts';
import { readText } from '../files/read-write.ts';
import { validate, validateYaml } from '../files/validate.ts';
import { locate, parseYaml, refuseEmpty } from '../files/yaml-source.ts';
import type { Dataset, Example, Split } from './dataset.ts';
import { parseJsonLines } from './json-lines.ts';
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

/** Reads a dataset, YAML or JSON Lines by its extension. Refuses an empty one and duplicate ids. */
export function loadDataset(file: string, shown: string, split: Split): Dataset {
  const text = readText(file, shown);
  const { examples, placeOf } = file.endsWith('.jsonl') ? readJsonLines(shown, text) : readYaml(shown, text);
  if (examples.length === 0) {
    throw inputError('the dataset has no examples', 'Write at least one', {
      file: shown,
      line: 1,
      column: 1,
    });
  }
  refuseDuplicateIds(examples, placeOf);
  return { path: shown, split, digest: datasetDigest(examples), examples };
}

/** sha256 over the examples' canonical JSON, hex; formatting and comments do not change it. */
function datasetDigest(examples: readonly Example[]): string {
  const hash = createHash('sha256');
  for (const { id, input, expected, tags, cluster } of examples) {
    hash.update(`${JSON.stringify([id, input, expected, tags, cluster])}\n`);
  }
  return hash.digest('hex');
}

type Read = { examples: Example[]; placeOf(index: number): Location };

function readYaml(shown: string, text: string): Read {
  const source = parseYaml(shown, text);
  refuseEmpty(source, 'Write `examples:` and at least one');
  const content = validateYaml(datasetFileSchema, source);
  const bare = Array.isArray(content);
  const rows = bare ? content : content.examples;
  return {
    examples: rows.map(toExample),
    placeOf: (index) => locate(source, bare ? [index] : ['examples', index]),
  };
}

function readJsonLines(shown: string, text: string): Read {
  const rows = parseJsonLines(shown, text);
  return {
    examples: rows.map(({ value, places }) => toExample(validate(exampleSchema, value, places))),
    placeOf: (index) => ({ file: shown, line: rows[index]?.line ?? 1, column: 1 }),
  };
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

function refuseDuplicateIds(examples: readonly Example[], placeOf: (index: number) => Location): void {
  const seen = new Map<string, number>();
  for (const [index, { id }] of examples.entries()) {
    const first = seen.get(id);
    if (first !== undefined) {
      throw inputError(
        `duplicate id "${id}"`,
        `The first stands in line ${placeOf(first).line ?? '?'}; give each example its own id`,
        placeOf(index),
      );
    }
    seen.set(id, index);
  }
}
