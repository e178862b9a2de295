import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAnswer, renderAnswer } from '../../src/formats/codec.ts';
import type { OutputFormat } from '../../src/formats/format.ts';

const word = fc.stringMatching(/^[\p{L}\p{N}'&.@%-]{1,12}$/u).filter((text) => /^[\p{L}]/u.test(text));
/** One line that holds no literal of the templates below and does not look like a bullet. */
const phrase = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(' '));
const notNone = phrase.filter((text) => text.toLowerCase().replace(/[.!'"]/g, '') !== 'none');
const distinct = <T>(items: fc.Arbitrary<T>) =>
  fc.uniqueArray(items, { maxLength: 6, selector: (item) => JSON.stringify(item) });
const named = distinct(fc.record({ name: phrase, type: phrase }));
const anything = fc.string({ unit: 'grapheme', maxLength: 300 });

function survives(format: OutputFormat, expected: Record<string, unknown>) {
  const parsed = parseAnswer(format, renderAnswer(format, expected), {});
  expect(parsed).toEqual({ value: expected, problems: [] });
}

describe('what is written can be read back, without problems', () => {
  it('text', () => {
    const text = anything.map((value) => value.trim()).filter((value) => value !== '');
    fc.assert(fc.property(text, (answer) => survives({ format: 'text', field: 'answer' }, { answer })));
  });

  it('a label out of any list of labels', () => {
    const labels = fc.uniqueArray(
      anything.map((label) => label.trim()).filter((label) => label !== ''),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(labels, fc.nat(), (all, at) => {
        survives({ format: 'label', field: 'topic', labels: all }, { topic: all[at % all.length] });
      }),
    );
  });

  it('a label where none are declared', () => {
    const label = phrase.filter((text) => !/['.]$/.test(text));
    fc.assert(fc.property(label, (topic) => survives({ format: 'label', field: 'topic' }, { topic })));
  });

  it.each(['{{name}} ({{type}})', '{{name}} | {{type}}', '<{{type}}> {{name}}', '{{name}}: {{type}}'])(
    'a list written as %s',
    (item) => {
      fc.assert(
        fc.property(named, (entities) =>
          survives({ format: 'lines', field: 'entities', item }, { entities }),
        ),
      );
    },
  );

  it.each(['; ', ', ', ' / '])('a list of texts separated by %j', (separator) => {
    fc.assert(
      fc.property(distinct(notNone), (keywords) => {
        survives({ format: 'lines', field: 'keywords', item: '{{.}}', separator }, { keywords });
      }),
    );
  });

  it('JSON', () => {
    const json = fc.dictionary(fc.string(), fc.jsonValue({ depthSize: 'small' }));
    fc.assert(
      fc.property(json, (expected) => {
        const plain = JSON.parse(JSON.stringify(expected));
        survives({ format: 'json' }, plain);
      }),
    );
  });

  it('tuples', () => {
    const entity = fc.record({ name: phrase, type: phrase, description: phrase });
    const relationship = fc.record({ source: phrase, target: phrase, keywords: phrase, description: phrase });
    fc.assert(
      fc.property(fc.array(entity), fc.array(relationship), (entities, relationships) => {
        survives({ format: 'tuples' }, { entities, relationships });
      }),
    );
  });
});

describe('reading whatever a model wrote', () => {
  const formats: OutputFormat[] = [
    { format: 'text', field: 'answer' },
    { format: 'label', field: 'topic', labels: ['a', 'b c', '(.*)'] },
    { format: 'label', field: 'topic' },
    { format: 'lines', field: 'entities', item: '{{name}} ({{type}})' },
    { format: 'lines', field: 'keywords', item: '{{.}}', separator: '; ' },
    { format: 'json', schema: { type: 'object', required: ['a'] } },
    { format: 'tuples' },
  ];
  const pieces = fc.constantFrom(
    'entity',
    'relation',
    '<|#|>',
    '<|',
    '|>',
    '\n',
    '{',
    '}',
    '"',
    ':',
    'a',
    '(',
    '- ',
  );
  const hostile = fc.oneof(
    anything,
    fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
  );

  it.each(formats)('never throws, and gives a reason when it reads nothing: %j', (format) => {
    fc.assert(
      fc.property(hostile, (text) => {
        const parsed = parseAnswer(format, text, {});
        if (parsed.value === null) expect(parsed.problems).not.toEqual([]);
        if (text.trim() === '') expect(parsed.value).toBeNull();
      }),
    );
  });

  it.each(formats)('says the same of an answer with blank lines around it: %j', (format) => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(parseAnswer(format, `\n ${text.trim()} \n\n`, {})).toEqual(
          parseAnswer(format, text.trim(), {}),
        );
      }),
    );
  });
});

describe('free text', () => {
  it('shows the first of several accepted answers', () => {
    const format: OutputFormat = { format: 'text', field: 'answers' };
    expect(renderAnswer(format, { answers: ['$230 million', '230 million'] })).toBe('$230 million');
    expect(renderAnswer(format, { answers: 4 })).toBe('4');
  });

  it('refuses an example without an answer, which would demonstrate silence', () => {
    const format: OutputFormat = { format: 'text', field: 'answers' };
    for (const expected of [{}, { answers: [] }, { answers: ' ' }]) {
      expect(() => renderAnswer(format, expected)).toThrow('expected.answers holds no text');
    }
  });
});
