import path from 'node:path';
import { z } from 'zod';
import { parseCsv } from '../../../files/csv.ts';
import { parseYaml, yamlValue } from '../../../files/yaml-source.ts';
import { counted } from '../imported.ts';
import { type Assertion, assertionSchema, readShortAssertion } from './assertions.ts';
import { fileReference, filesNamed, type SourceFiles } from './files.ts';

const testSchema = z.looseObject({
  vars: z.record(z.string(), z.unknown()).default({}),
  assert: z.array(assertionSchema).default([]),
});

/** One test case: the values of its variables and what must hold of the answer. */
export type TestCase = {
  readonly vars: Readonly<Record<string, string>>;
  readonly assertions: readonly Assertion[];
};

type Found = {
  readonly tests: readonly TestCase[];
  readonly used: readonly string[];
  readonly notes: readonly string[];
};

/** The `tests` of a configuration, each with what `defaultTest` gives all of them. */
export function findTests(
  { tests, defaultTest }: { tests?: unknown; defaultTest?: unknown },
  from: string,
  files: SourceFiles,
): Found {
  const notes: string[] = [];
  const used: string[] = [];
  const readFiles = (reference: string): unknown[] => {
    const named = filesNamed(reference, from, files);
    if (named.length === 0) notes.push(`tests of ${reference} left out: the file is not there, or is code`);
    return named.flatMap((file) => {
      used.push(file);
      return readTests(file, files.read(file), notes);
    });
  };
  const common = testSchema.safeParse(readDefault(defaultTest, readFiles) ?? {});
  const { vars, assert } = common.success ? common.data : { vars: {}, assert: [] };
  if (!common.success) notes.push('defaultTest left out: its form is not known');
  const raw = [tests ?? []].flat().flatMap((test) => {
    if (typeof test !== 'string') return [test];
    const reference = fileReference(test) ?? test;
    if (!/^[a-z]+:\/\//.test(reference)) return readFiles(reference);
    notes.push(`tests of ${reference} left out: they lie outside the repository`);
    return [];
  });
  const unusable = { form: 0, value: 0 };
  const found = raw.flatMap((test): TestCase[] => {
    const read = testSchema.safeParse(test);
    if (!read.success) {
      unusable.form += 1;
      return [];
    }
    const values = readVars({ ...vars, ...read.data.vars }, from, files);
    if (values === null) unusable.value += 1;
    return values === null ? [] : [{ vars: values, assertions: [...assert, ...read.data.assert] }];
  });
  if (unusable.form > 0) notes.push(`${counted(unusable.form, 'test')} left out: the form is not known`);
  if (unusable.value > 0)
    notes.push(
      `${counted(unusable.value, 'test')} left out: a variable is a list, an object or no text file`,
    );
  return { tests: found, used, notes };
}

function readDefault(defaultTest: unknown, readFiles: (reference: string) => unknown[]): unknown {
  const reference = typeof defaultTest === 'string' ? fileReference(defaultTest) : undefined;
  return reference === undefined ? defaultTest : readFiles(reference)[0];
}

function readTests(file: string, text: string, notes: string[]): unknown[] {
  switch (path.posix.extname(file)) {
    case '.csv':
      return parseCsv(text).map((row) => testOfRow(row));
    case '.jsonl':
      return text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => yamlValue(parseYaml(file, line)));
    case '.json':
    case '.yaml':
    case '.yml':
      return [yamlValue(parseYaml(file, text)) ?? []].flat();
    default:
      notes.push(`tests of ${file} left out: they are made by running it`);
      return [];
  }
}

/** Columns are variables; those that begin with `__` say how the answer is judged. */
function testOfRow(row: Readonly<Record<string, string>>): z.input<typeof testSchema> {
  const columns = Object.entries(row);
  return {
    vars: Object.fromEntries(columns.filter(([name]) => !name.startsWith('__'))),
    assert: columns.flatMap(([name, value]) =>
      /^__expected\d*$/.test(name) && value !== '' ? [readShortAssertion(value)] : [],
    ),
  };
}

/** The variables as texts; null where one has no single text. */
function readVars(
  vars: Readonly<Record<string, unknown>>,
  from: string,
  files: SourceFiles,
): Record<string, string> | null {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(vars)) {
    if (!['string', 'number', 'boolean'].includes(typeof value)) return null;
    const text = String(value);
    const reference = fileReference(text);
    const [file] = reference === undefined ? [] : filesNamed(reference, from, files);
    if (reference !== undefined && (file === undefined || !/\.(txt|md)$/.test(file))) return null;
    values[name] = file === undefined ? text : files.read(file).trim();
  }
  return values;
}
