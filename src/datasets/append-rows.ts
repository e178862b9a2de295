import { isMap, isPair, isScalar, isSeq } from 'yaml';
import type { z } from 'zod';
import { inputError } from '../errors.ts';
import { validate, validateYaml } from '../files/validate.ts';
import { parseYaml, refuseInexactNumbers } from '../files/yaml-source.ts';
import { yamlText } from '../files/yaml-text.ts';
import type { Example } from './dataset.ts';
import { readJsonLine } from './json-lines.ts';
import { looseDatasetSchema, looseExampleSchema } from './schema.ts';

/** A row that may still wait for its reference answer. */
export type LooseExample = Omit<Example, 'expected'> & { readonly expected?: Example['expected'] };

/**
 * The rows of a dataset's text, YAML or JSON Lines by the name of its file; their references may be missing.
 * @throws {PromptlineError} for a text that is no dataset
 */
export function parseRows(text: string, file: string): LooseExample[] {
  if (!file.endsWith('.jsonl')) {
    const source = parseYaml(file, text);
    if (source.document.contents === null) return [];
    refuseInexactNumbers(source);
    const content = validateYaml(looseDatasetSchema, source);
    return (Array.isArray(content) ? content : content.examples).map(toRow);
  }
  // From a branch, the text comes as it lies there.
  return text
    .replace(/^\ufeff/, '')
    .split('\n')
    .flatMap((row, index) => {
      if (row.trim() === '') return [];
      const { value, places } = readJsonLine(row, file, index + 1);
      return [toRow(validate(looseExampleSchema, value, places))];
    });
}

function toRow({
  id,
  input,
  expected,
  tags,
  cluster = id,
}: z.output<typeof looseExampleSchema>): LooseExample {
  const reference = typeof expected === 'string' ? { text: expected } : expected;
  return { id, input, ...(reference && { expected: reference }), tags, cluster };
}

/**
 * A dataset's text with rows at its end; all that stood in it before stays to the byte.
 *
 * @param text null for a file that does not exist yet
 * @throws {PromptlineError} for a YAML list of rows that is not the last thing in the file, or written in brackets
 */
export function appendRows(text: string | null, file: string, rows: readonly LooseExample[]): string {
  if (rows.length === 0) return text ?? '';
  const before = text === null || text.trim() === '' ? '' : text.endsWith('\n') ? text : `${text}\n`;
  if (file.endsWith('.jsonl')) return before + rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  const indent = before === '' ? '' : indentOfRows(before, file);
  // With the flag m, `^` also stands after what is a line break to JavaScript and a letter to YAML, as U+2028.
  const added = yamlText(rows).replaceAll(/(?<=^|\n)(?=[^\n])/g, indent);
  const appended = before + added;
  if (parseRows(appended, file).length === (before === '' ? 0 : parseRows(before, file).length) + rows.length)
    return appended;
  throw cannotAppend(file);
}

/** What stands before the dash of each row. */
function indentOfRows(text: string, file: string): string {
  const { contents } = parseYaml(file, text).document;
  const last = isMap(contents) ? contents.items.at(-1) : null;
  const isLast = isPair(last) && isScalar(last.key) && last.key.value === 'examples';
  const list = isLast ? last.value : contents;
  const first = isSeq(list) && !list.flow ? list.range?.[0] : undefined;
  if (first === undefined) throw cannotAppend(file);
  return text.slice(text.lastIndexOf('\n', first - 1) + 1, first);
}

function cannotAppend(file: string) {
  return inputError(
    'rows cannot be added at the end of the file',
    'Write `examples:` as the last field, each row after a dash on a line of its own',
    { file },
  );
}
