import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePrompt } from '../../src/prompts/load.ts';
import type { Message } from '../../src/prompts/prompt.ts';
import { writePromptVersion } from '../../src/prompts/write.ts';
import { refusal } from '../files/scratch.ts';

const fixtures = path.resolve(import.meta.dirname, '../fixtures/prompt-versions');
const files = readdirSync(fixtures).map((name) => {
  const read = (file: string) => readFileSync(path.join(fixtures, name, file), 'utf8');
  return {
    name,
    before: read('before.yaml'),
    after: read('after.yaml'),
    change: JSON.parse(read('change.json')),
  };
});
const parse = (text: string) => parsePrompt(text, { id: 'a/b', shown: 'p.yaml', defaultModel: 'm/n' });

describe('a new version of a prompt file', () => {
  it('has fixtures to be judged by', () => {
    expect(existsSync(fixtures) && files.length).toBeGreaterThanOrEqual(6);
  });

  it.each(files)('changes nothing but what is new: $name', ({ before, after, change }) => {
    expect(writePromptVersion(before, change)).toBe(after);
    expect(parse(after)).toMatchObject(change);
  });

  it.each(files)('is the same file for the same content: $name', ({ after, change }) => {
    expect(writePromptVersion(after, change)).toBe(after);
  });

  it('keeps fields of other tools', () => {
    const { before, after } = files.find(({ name }) => name === 'github') ?? expect.fail('no fixture');
    const others = before.slice(before.indexOf('testData:'));
    expect(others).toContain('evaluators:');
    expect(after.endsWith(others)).toBe(true);
  });

  it('takes messages over as they are written when they move', () => {
    const before = `messages:
  - role: system
    content: A
  # first
  - role: user
    content: 'q1'   # why
    # and why not
  - role: assistant
    content: >-
      a
      1
  # second
  - role: user
    content: 'q2'
  - role: assistant
    content: a2
  - role: user
    content: q
`;
    const [system, q1, a1, q2, a2, q] = parse(before).messages as Message[];
    const after = writePromptVersion(before, {
      version: '1.0.0',
      messages: [system!, q2!, a1!, q1!, a2!, q!],
    });
    expect(after).toBe(`version: 1.0.0
messages:
  - role: system
    content: A
  # second
  - role: user
    content: 'q2'
  - role: assistant
    content: >-
      a
      1
  # first
  - role: user
    content: 'q1'   # why
    # and why not
  - role: assistant
    content: a2
  - role: user
    content: q
`);
  });

  it('shows in lines what has lines, and quotes what YAML readers disagree about', () => {
    const write = (content: string) =>
      writePromptVersion('messages:\n- {role: user, content: x}\n', {
        version: '1.0.0',
        messages: [{ role: 'user', content }],
      }).slice('version: 1.0.0\nmessages:\n- role: user\n  content: '.length);
    expect(write('one')).toBe('"one"\n');
    expect(write('one\n\n  two #: {{x}}')).toBe('|-\n    one\n\n      two #: {{x}}\n');
    expect(write('one\ntwo\n')).toBe('|\n    one\n    two\n');
    expect(write('one\n \ntwo')).toBe('"one\\n \\ntwo"\n');
    expect(write(' one\ntwo')).toBe('" one\\ntwo"\n');
    expect(write('one\ntwo\n\n')).toBe('"one\\ntwo\\n\\n"\n');
    expect(write('a\u0085b\u2028c\ufeffd\re\tf\n g')).toBe('"a\\u0085b\\u2028c\\ufeffd\\re\\tf\\n g"\n');
  });

  it('takes a message over once', () => {
    const question = { role: 'user' as const, content: 'q' };
    const before = "messages:\n# why\n- {role: user, content: 'q'} # and why not\n";
    expect(writePromptVersion(before, { version: '1.0.0', messages: [question, question] })).toBe(
      `version: 1.0.0\n${before}- role: user\n  content: "q"\n`,
    );
  });

  it('is refused where anchors bind the messages to something else', () => {
    const change = { version: '1.0.0', messages: [{ role: 'user' as const, content: 'new' }] };
    const message = [
      'the messages cannot be replaced: other parts of the file share them by anchors and aliases. Write the shared values out.',
    ];
    const leaving = 'messages:\n  - { role: user, content: &q "{{q}}" }\ntestData: [*q]\n';
    const shared = 'theirs: &m\n  - { role: user, content: x }\nmessages: *m\n';
    for (const text of [leaving, shared])
      expect(refusal(() => writePromptVersion(text, change))).toEqual(message);
  });
});

describe('what is written', () => {
  const hostile = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          ' ',
          '  ',
          '\n',
          '\n\n',
          '\r\n',
          '\r',
          '\t',
          '{{x}}',
          '{{',
          '}}',
          '#',
          ' # ',
          ': ',
          '- ',
          '---',
          '...',
          '|',
          '>',
          '"',
          "'",
          '\\',
          '\\n',
          '&a',
          '*a',
          '!!int 1',
          '%YAML',
          '? ',
          '@',
          '`',
          '~',
          'null',
          'yes',
          '0x1',
          '\u0000',
          '\u0007',
          '\u0085',
          '\u00a0',
          '\u2028',
          '\u2029',
          '\ufeff',
          '\ufffe',
          '\u{1f600}',
          'é',
          'e\u0301',
          '\u202e',
          'x'.repeat(500),
          'word',
        ),
        fc.string({ unit: 'binary', maxLength: 8 }).map((text) => text.toWellFormed()),
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join(''));
  const message = fc.record({
    role: fc.constantFrom('system' as const, 'user' as const, 'assistant' as const),
    content: hostile,
  });

  it.each(files)('is read back as exactly the messages that were given: $name', ({ before }) => {
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 4 }), fc.boolean(), (given, keepOld) => {
        const messages = keepOld ? [...parse(before).messages, ...given] : given;
        const change = { version: '9.8.7', messages };
        const after = writePromptVersion(before, change);
        const nonEmpty = messages.every(({ content }) => content.trim() !== '');
        if (nonEmpty) expect(parse(after)).toMatchObject(change);
        // Written again, with the first messages back, nothing is left of the change.
        const back = writePromptVersion(after, { version: '1.0.0', messages: parse(before).messages });
        expect(parse(back).messages).toEqual(parse(before).messages);
      }),
      { numRuns: 150 },
    );
  });
});
