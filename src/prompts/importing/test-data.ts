import type { OutputFormat } from '../../formats/format.ts';
import { type Check, shortestAnswer } from './checks.ts';
import { counted, type ImportedRow } from './imported.ts';
import { fillKnown } from './template.ts';

type TestData = Readonly<Record<string, unknown>>;

type Wanted = {
  /** The names of the prompt's placeholders. */
  readonly inputs: readonly string[];
  /** Of every row; `{{name}}` in a value stands for the row's field. */
  readonly checks: readonly Check[];
  readonly output: OutputFormat;
};

/** The rows of `testData` that can be asked and scored; why others cannot is said. */
export function importTestData(
  data: readonly TestData[],
  { inputs, checks, output }: Wanted,
): { rows: ImportedRow[]; notes: string[] } {
  const missing = { inputs: 0, answer: 0 };
  const rows = data.flatMap((row, index): ImportedRow[] => {
    const input = Object.fromEntries(
      Object.entries(row).flatMap(([name, value]) =>
        name === 'expected' || !isPlain(value) ? [] : [[name, String(value)]],
      ),
    );
    if (!inputs.every((name) => Object.hasOwn(input, name))) {
      missing.inputs += 1;
      return [];
    }
    const filled = checks.map((check) => ({ ...check, value: fillKnown(String(check.value ?? ''), row) }));
    const expected = expectedOf(row['expected'] ?? shortestAnswer(filled), output);
    if (expected === null) {
      missing.answer += 1;
      return [];
    }
    return [
      {
        id: String(index + 1),
        input,
        expected: filled.length > 0 ? { ...expected, checks: filled } : expected,
      },
    ];
  });
  const notes: string[] = [];
  if (missing.inputs > 0)
    notes.push(`${counted(missing.inputs, 'row')} of testData left out: no text for ${inputs.join(', ')}`);
  if (missing.answer > 0) {
    const wanted = output.format === 'json' ? 'no `expected` that is a JSON object' : 'no `expected`';
    notes.push(`${counted(missing.answer, 'row')} of testData left out: ${wanted}`);
  }
  return { rows, notes };
}

function expectedOf(value: unknown, output: OutputFormat): Record<string, unknown> | null {
  if (output.format === 'json') return objectOf(value);
  if (!isPlain(value) || String(value).trim() === '') return null;
  return { [output.format === 'text' ? output.field : 'text']: String(value) };
}

function objectOf(value: unknown): Record<string, unknown> | null {
  try {
    const parsed: unknown = typeof value === 'string' ? JSON.parse(value) : value;
    return parsed instanceof Object && !Array.isArray(parsed) ? { ...parsed } : null;
  } catch {
    return null;
  }
}

function isPlain(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
