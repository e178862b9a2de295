import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { outputFormatSchema } from '../../src/formats/schema.ts';

const messages = (value: unknown) =>
  outputFormatSchema.safeParse(value).error?.issues.map((issue) => issue.message) ?? [];

describe('the output of a prompt file', () => {
  it.each([
    { format: 'text', field: 'summary' },
    { format: 'label', field: 'intent', labelsFrom: 'intents' },
    { format: 'label', field: 'intent', labels: ['a', 'b'] },
    { format: 'lines', field: 'entities', item: '{{ name }} ({{type}})', separator: '; ', none: 'nothing' },
    { format: 'json', schema: { type: 'object' } },
    { format: 'tuples' },
  ])('may be %j', (format) => {
    expect(outputFormatSchema.parse(format)).toEqual(format);
  });

  it.each([
    [{ format: 'yaml' }, /Invalid/],
    [{ format: 'text' }, /expected string/],
    [{ format: 'text', field: 'a', labels: [] }, /Unrecognized key/],
    [{ format: 'label', field: 'a', labels: ['x'], labelsFrom: 'y' }, /not both/],
    [{ format: 'label', field: 'a', labels: ['x', 'x'] }, /each label once/],
    [{ format: 'lines', field: 'a', item: 'no placeholder' }, /needs placeholders/],
    [{ format: 'lines', field: 'a', item: '{{a}}{{b}}' }, /needs placeholders/],
    [{ format: 'lines', field: 'a', item: '{{a}} {{a}}' }, /needs placeholders/],
    [{ format: 'lines', field: 'a', item: '{{.}} {{a}}' }, /needs placeholders/],
  ])('may not be %j', (format, message) => {
    expect(messages(format)).toEqual([expect.stringMatching(message)]);
  });

  it('describes every field, as the reference is made from it', () => {
    const schema = z.toJSONSchema(outputFormatSchema) as {
      oneOf: { description?: string; properties: Record<string, { description?: string }> }[];
    };
    expect(schema.oneOf).toHaveLength(5);
    for (const format of schema.oneOf) {
      expect(format.description).toBeTruthy();
      for (const field of Object.values(format.properties)) expect(field.description).toBeTruthy();
    }
  });
});
