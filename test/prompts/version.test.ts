import { describe, expect, it } from 'vitest';
import { parsePrompt } from '../../src/prompts/load.ts';
import { nextVersion } from '../../src/prompts/next-version.ts';
import { promptDigest } from '../../src/prompts/version.ts';

const parse = (text: string) => parsePrompt(text, { id: 'a/b', shown: 'p.yaml', defaultModel: 'm/n' });
const digest = (text: string) => promptDigest(parse(text));

const plain = `version: 1.2.3
model: openai/gpt-5-mini
modelParameters: { temperature: 0, maxTokens: 9, stop: ["\\n"] }
messages:
  - { role: system, content: "One\\ntwo" }
  - { role: user, content: "{{q}}" }
`;

describe('the digest of a prompt', () => {
  it('does not change with the formatting, comments, version, description or order of keys', () => {
    const otherwise = `# A comment
messages:
- content: |-
    One
    two
  role: system
- content: '{{q}}'
  role: user   # the question
modelParameters:
  stop: ["\\n"]
  maxTokens: 9
  temperature: 0
description: Something
version: 2.0.0
model: 'openai/gpt-5-mini'
`;
    expect(digest(otherwise)).toBe(digest(plain));
    expect(digest(plain)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('does not depend on how the parameters were put together', () => {
    const { model, messages } = parse(plain);
    const parameters = { temperature: 0, seed: 1 };
    expect(promptDigest({ model, messages, parameters: { seed: 1, temperature: 0 } })).toBe(
      promptDigest({ model, messages, parameters }),
    );
  });

  it.each([
    ['the model', plain.replace('gpt-5-mini', 'gpt-5')],
    ['a parameter', plain.replace('maxTokens: 9', 'maxTokens: 10')],
    ['a parameter that is gone', plain.replace('maxTokens: 9, ', '')],
    ['a role', plain.replace('role: system', 'role: assistant')],
    ['a space at the end of a message', plain.replace('two"', 'two "')],
    ['the order of messages', `${plain}  - { role: user, content: x }\n`],
  ])('changes with %s', (_, text) => {
    expect(digest(text)).not.toBe(digest(plain));
  });
});

describe('the next version', () => {
  it.each([
    ['1.2.3', '1.3.0'],
    ['0.0.0', '0.1.0'],
    ['1.3.0-rc.1', '1.3.0'],
  ])('of %s is %s', (from, to) => {
    expect(nextVersion({ ...parse(plain), version: from })).toBe(to);
  });
});
