import { describe, expect, it } from 'vitest';
import { parseAnswer, renderAnswer } from '../../src/formats/codec.ts';
import type { OutputFormat } from '../../src/formats/format.ts';

const free: OutputFormat = { format: 'json' };
const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  properties: { intent: { enum: ['PlayMusic', 'RateBook'] }, slots: { type: 'array' } },
  required: ['intent'],
  additionalProperties: false,
};
const strict: OutputFormat = { format: 'json', schema };
const value = { intent: 'PlayMusic' };

describe('reading JSON', () => {
  it('accepts one JSON object and nothing else', () => {
    expect(parseAnswer(strict, ' {"intent": "PlayMusic"}\n', {})).toEqual({ value, problems: [] });
  });

  it.each([
    'Sure! {"intent": "PlayMusic"} Anything else?',
    '```json\n{"intent": "PlayMusic"}\n```',
    'I chose {one of two}: {"intent": "PlayMusic"}',
    'See [1]. {"intent": "PlayMusic"}',
  ])('finds the object in %j', (text) => {
    expect(parseAnswer(strict, text, {})).toEqual({
      value,
      problems: ['answer with the JSON alone, without text or a code fence around it'],
    });
  });

  it.each(["{intent: 'PlayMusic'}", '{"intent": "PlayMusic",}', '{"intent": "PlayMusic"'])(
    'repairs %j',
    (text) => {
      expect(parseAnswer(strict, text, {})).toEqual({ value, problems: ['the JSON is malformed'] });
    },
  );

  it('reads an object cut off inside a code fence', () => {
    expect(parseAnswer(free, '```json\n{"a": [1, {"b": "}"}, 2\n```', {})).toEqual({
      value: { a: [1, { b: '}' }, 2] },
      problems: [
        'answer with the JSON alone, without text or a code fence around it',
        'the JSON is malformed',
      ],
    });
  });

  it('names what breaks the schema, and keeps the value', () => {
    expect(parseAnswer(strict, '{"intent": "PlayVideo", "mood": 1, "slots": {}}', {})).toEqual({
      value: { intent: 'PlayVideo', mood: 1, slots: {} },
      problems: [
        'the JSON must NOT have additional properties ("mood")',
        'intent must be equal to one of the allowed values: PlayMusic,RateBook',
        'slots must be array',
      ],
    });
  });

  it.each([
    'no entities',
    '[{"intent": "PlayMusic"}]',
    '"PlayMusic"',
    'null',
    '{'.repeat(50_000),
    // Read, it would end the stack of whatever writes it again.
    `{"intent": ${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
  ])('reads nothing where there is no object: %.30s', (text) => {
    const parsed = parseAnswer(free, text, {});
    expect(parsed.value).toBeNull();
    expect(parsed.problems[0]).toMatch(/holds no JSON object$/);
  });

  it('takes an empty answer for no answer', () => {
    expect(parseAnswer(free, '', {})).toEqual({ value: null, problems: ['the answer is empty'] });
  });

  it('refuses a schema that is none, as the author can mend it', () => {
    const broken: OutputFormat = { format: 'json', schema: { type: 'objekt' } };
    expect(() => parseAnswer(broken, '{}', {})).toThrow(/^output\.schema is not a JSON Schema/);
  });
});

describe('writing JSON', () => {
  it('leaves out fields that the schema forbids', () => {
    expect(renderAnswer(strict, { intent: 'RateBook', keywords: ['a'] })).toBe('{"intent":"RateBook"}');
    expect(renderAnswer(free, { intent: 'RateBook', keywords: ['a'] })).toBe(
      '{"intent":"RateBook","keywords":["a"]}',
    );
  });
});
