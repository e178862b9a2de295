import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assemble, dissect } from '../../src/prompts/anatomy.ts';
import type { Message } from '../../src/prompts/prompt.ts';
import { refusal } from '../files/scratch.ts';

const system = (content: string): Message => ({ role: 'system', content });
const user = (content: string): Message => ({ role: 'user', content });
const assistant = (content: string): Message => ({ role: 'assistant', content });

const text = fc.string({ minLength: 1 });
const prompt = fc
  .tuple(fc.option(text), fc.array(fc.tuple(text, text), { maxLength: 4 }), text)
  .map(([instruction, pairs, question]): Message[] => [
    ...(instruction === null ? [] : [system(instruction)]),
    ...pairs.flatMap(([asked, answer]) => [user(asked), assistant(answer)]),
    user(question),
  ]);

describe('a prompt taken apart', () => {
  it('and put together again is the same', () => {
    fc.assert(
      fc.property(prompt, (messages) => {
        expect(assemble(dissect(messages, 'a/b'))).toEqual(messages);
      }),
    );
  });

  it('has its instruction, demonstrations and question', () => {
    const messages = [system('Classify.'), user('Q: a'), assistant('A'), user('Q: {{q}}')];
    expect(dissect(messages, 'a/b')).toEqual({
      instruction: 'Classify.',
      demonstrations: [{ question: 'Q: a', answer: 'A' }],
      question: 'Q: {{q}}',
      layout: 'instruction first',
    });
  });

  it('joins several system messages to one instruction', () => {
    expect(dissect([system('One.'), system('Two.'), user('q')], 'a/b').instruction).toBe('One.\n\nTwo.');
  });

  it.each([
    ['an assistant at the end', [user('q'), assistant('a')], 'the last message is not from the user'],
    ['no turn at all', [system('s')], 'the last message is not from the user'],
    [
      'two questions in a row',
      [user('q'), user('r')],
      'demonstrations must be pairs of a user and an assistant message',
    ],
    [
      'an answer before its question',
      [assistant('a'), user('q'), user('r')],
      'demonstrations must be pairs of a user and an assistant message',
    ],
  ])('is refused for %s', (_, messages, why) => {
    expect(refusal(() => dissect(messages, 'a/b'))).toEqual([
      `a/b cannot be searched: ${why}. Shape it as [system], pairs of user and assistant, user.`,
    ]);
  });
});

describe('a prompt put together', () => {
  const parts = {
    instruction: 'Classify.',
    demonstrations: [{ question: 'Q: a', answer: 'A' }],
    question: 'Q: {{q}}',
  };

  it('may have its instruction in front of the question', () => {
    expect(assemble({ ...parts, layout: 'instruction last' })).toEqual([
      user('Q: a'),
      assistant('A'),
      user('Classify.\n\nQ: {{q}}'),
    ]);
  });

  it('may have its demonstrations in the system message', () => {
    expect(assemble({ ...parts, layout: 'one message' })).toEqual([
      system('Classify.\n\nQ: a A'),
      user('Q: {{q}}'),
    ]);
  });

  it.each(['instruction first', 'instruction last', 'one message'] as const)(
    'has no empty message without an instruction: %s',
    (layout) => {
      expect(assemble({ ...parts, instruction: '', layout })).toEqual([
        user('Q: a'),
        assistant('A'),
        user('Q: {{q}}'),
      ]);
    },
  );

  it('keeps the question last and loses no text, in any layout', () => {
    const layout = fc.constantFrom(
      'instruction first' as const,
      'instruction last' as const,
      'one message' as const,
    );
    fc.assert(
      fc.property(prompt, layout, (messages, chosen) => {
        const parts = dissect(messages, 'a/b');
        const assembled = assemble({ ...parts, layout: chosen });
        const all = assembled.map(({ content }) => content).join('\n');
        expect(assembled.at(-1)?.role).toBe('user');
        expect(assembled.at(-1)?.content.endsWith(parts.question)).toBe(true);
        for (const { content } of messages) expect(all).toContain(content);
      }),
    );
  });
});
