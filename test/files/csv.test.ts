import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseCsv } from '../../src/files/csv.ts';

it('reads fields by the names of the first line', () => {
  expect(parseCsv('\ufeffname, city\r\n"Lee, Ann",Oslo\r\n\r\n"say ""hi""","two\nlines"\nshort\n')).toEqual([
    { name: 'Lee, Ann', city: 'Oslo' },
    { name: 'say "hi"', city: 'two\nlines' },
    { name: 'short', city: '' },
  ]);
});

it('gives any fields back that were written with quotes', () => {
  const row = fc.array(fc.string({ minLength: 1 }), { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      const line = (fields: readonly string[]) =>
        fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(',');
      const text = ['a,b,c', ...rows.map(line)].join('\n');
      expect(parseCsv(text)).toEqual(rows.map(([a, b, c]) => ({ a, b, c })));
    }),
  );
});
