import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAnswer, renderAnswer } from '../../src/formats/codec.ts';
import type { OutputFormat } from '../../src/formats/format.ts';

const format: OutputFormat = { format: 'tuples' };
const parse = (text: string) => parseAnswer(format, text, {});
const apple = { name: 'Apple Inc.', type: 'organization', description: 'A company' };
const located = { source: 'Apple Inc.', target: 'Cupertino', keywords: 'in', description: 'HQ' };
const compliant =
  'entity<|#|>Apple Inc.<|#|>organization<|#|>A company\nrelation<|#|>Apple Inc.<|#|>Cupertino<|#|>in<|#|>HQ\n<|COMPLETE|>';

describe('reading tuples', () => {
  it('reads entities and relationships', () => {
    expect(parse(compliant)).toEqual({
      value: { entities: [apple], relationships: [located] },
      problems: [],
    });
    expect(renderAnswer(format, { entities: [apple], relationships: [located] })).toBe(compliant);
  });

  it.each([
    [`Sure:\n${compliant}`, 'leave out text that is not a tuple: "Sure:"'],
    [compliant.replace('\n<|COMPLETE|>', ''), 'end with a line <|COMPLETE|>'],
    [compliant.replace('COMPLETE', 'complete'), 'end with a line <|COMPLETE|>'],
    [`<|COMPLETE|>\n${compliant}`, 'end with a line <|COMPLETE|>'],
  ])('reads past %j', (text, problem) => {
    expect(parse(text)).toEqual({
      value: { entities: [apple], relationships: [located] },
      problems: [problem],
    });
  });

  it.each([
    'entity<|#>Apple Inc.<|#|>organization<|#|>A company',
    'entity<|>Apple Inc.<|>organization<|>A company',
    'entity<||>Apple Inc.<#>organization|#|A company',
    'entity Apple Inc.<|#|>organization<|#|>A company',
    'Entity<|#|>Apple Inc.<|#|>organization<|#|>A company',
    '- entity: Apple Inc.<|#|>organization<|#|>A company',
  ])('reads %j, whose delimiters are damaged, with one problem', (line) => {
    const parsed = parse(`${line}\n<|COMPLETE|>`);
    expect(parsed.value).toEqual({ entities: [apple], relationships: [] });
    expect(parsed.problems).toEqual([
      expect.stringMatching(/^write entity tuples as entity<\|#\|>\.\.\., with <\|#\|> between the fields: /),
    ]);
  });

  it('names a kind of problem once, with a count', () => {
    const parsed = parse('entity<|#|>A<|#|>x\nentity<|#|>B<|#|>y\n<|COMPLETE|>');
    expect(parsed.value?.['entities']).toEqual([
      { name: 'A', type: 'x', description: '' },
      { name: 'B', type: 'y', description: '' },
    ]);
    expect(parsed.problems).toEqual([
      'entity tuples have 3 fields (name, type, description), not 2: "entity<|#|>A<|#|>x" (and 1 more)',
    ]);
  });

  it('tells an empty list from no answer', () => {
    const empty = { entities: [], relationships: [] };
    expect(parse('<|COMPLETE|>')).toEqual({ value: empty, problems: [] });
    expect(parse('Nothing is named here.\n<|COMPLETE|>').value).toEqual(empty);
    expect(parse('')).toEqual({ value: null, problems: ['the answer is empty'] });
    expect(parse('Nothing is named here.').value).toBeNull();
    expect(parse('entity<|#|><|#|>organization<|#|>x\n<|COMPLETE|>').value).toBeNull();
    expect(parse('relation<|#|>A\n<|COMPLETE|>').value).toBeNull();
    expect(parse('Apple Inc.<|#|>organization<|#|>x\n<|COMPLETE|>').value).toBeNull();
  });
});

describe('writing tuples', () => {
  it('leaves texts empty that the example does not have', () => {
    expect(renderAnswer(format, { entities: [{ name: 'Ghent' }] })).toBe(
      'entity<|#|>Ghent<|#|><|#|>\n<|COMPLETE|>',
    );
  });

  it('refuses an example without what identifies a tuple', () => {
    expect(() => renderAnswer(format, { intent: 'x' })).toThrow('neither a list "entities"');
    expect(() => renderAnswer(format, { entities: ['Ghent'] })).toThrow('not a list of items with keys');
    expect(() => renderAnswer(format, { relationships: [{ source: 'A' }] })).toThrow('no "target"');
  });
});

const golden = path.resolve(import.meta.dirname, '../../../shared/goldens/lightrag_evaluator.json');
const present = existsSync(golden);

describe.skipIf(!present)(`LightRAG's parser${present ? '' : ' (reference data not present)'}`, () => {
  const cases: { output: string; parsed: unknown }[] = present
    ? JSON.parse(readFileSync(golden, 'utf8')).cases
    : [];
  const [partial, invented, noDescription, empty, bare, messy, bad, duplicates] = cases;

  it('is matched where it is right', () => {
    for (const known of [partial, invented, bare, messy, duplicates]) {
      expect(parse(known!.output).value).toEqual(known!.parsed);
    }
  });

  it('is surpassed: a tuple without its last field still names its entity or relationship', () => {
    expect(noDescription!.parsed).toEqual({ entities: [], relationships: [] });
    expect(parse(noDescription!.output).value).toEqual({
      entities: [{ name: 'Apple Inc.', type: 'organization', description: '' }],
      relationships: [{ source: 'Apple Inc.', target: 'Cupertino', keywords: 'hq', description: '' }],
    });
  });

  it('is surpassed: silence, or lines that cannot be read, are no answer and not an empty list', () => {
    expect([empty!.parsed, bad!.parsed]).toEqual(Array(2).fill({ entities: [], relationships: [] }));
    expect(parse(empty!.output).value).toBeNull();
    expect(parse(bad!.output)).toEqual({
      value: null,
      problems: ['no tuple can be read: "entity: bad line" (and 11 more)'],
    });
  });
});
