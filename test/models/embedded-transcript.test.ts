import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answerOf, cutAtStop, renderTranscript } from '../../src/models/embedded/transcript.ts';
import type { Message } from '../../src/prompts/prompt.ts';

const system = (content: string): Message => ({ role: 'system', content });
const user = (content: string): Message => ({ role: 'user', content });
const assistant = (content: string): Message => ({ role: 'assistant', content });

describe('a transcript', () => {
  test('joins messages by blank lines and an answer to its question by one space', () => {
    const messages = [
      system('Classify.'),
      user('Query: play jazz\nIntent:'),
      assistant('PlayMusic'),
      user('Query: rain?\nIntent:'),
      assistant('GetWeather'),
      user('Query: book a table\nIntent:'),
    ];
    expect(renderTranscript(messages)).toEqual({
      prefix: 'Classify.\n\nQuery: play jazz\nIntent: PlayMusic\n\nQuery: rain?\nIntent: GetWeather',
      suffix: 'Query: book a table\nIntent:',
      endOfMessage: '\n\n',
    });
  });

  test('has no prefix when there is one message, or only a blank system message before it', () => {
    expect(renderTranscript([user('Hello')])).toMatchObject({ prefix: '', suffix: 'Hello' });
    expect(renderTranscript([system(' \n'), user('Hello')])).toMatchObject({ prefix: '', suffix: 'Hello' });
  });

  test('keeps an answer without a question, and a question without an answer, as paragraphs', () => {
    const messages = [
      assistant('Hi.'),
      user('One'),
      user('Two'),
      assistant('A'),
      assistant('B'),
      user('Three'),
    ];
    expect(renderTranscript(messages).prefix).toBe('Hi.\n\nOne\n\nTwo A\n\nB');
  });

  test('does not take a blank line for the end when the demonstrated answers contain one', () => {
    expect(renderTranscript([user('Q'), assistant('a\n\nb'), user('Q')]).endOfMessage).toBeNull();
  });

  test('needs a last user message with text', () => {
    for (const messages of [[], [system('S')], [user('Q'), assistant('A')], [user('')]]) {
      expect(() => renderTranscript(messages)).toThrow(expect.objectContaining({ kind: 'input' }));
    }
  });

  test('law: the last message is the suffix, byte for byte, and decides nothing in the prefix', () => {
    const earlier = fc.array(
      fc.record({ role: fc.constantFrom('system', 'user', 'assistant'), content: fc.string() }),
    );
    const text = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(earlier, text, text, (before, one, other) => {
        const first = renderTranscript([...before, user(one)]);
        const second = renderTranscript([...before, user(other)]);
        expect(first.suffix).toBe(one);
        expect(second.prefix).toBe(first.prefix);
      }),
    );
  });

  test('law: an answer the model gives is read back as it would be demonstrated', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), (question, answer) => {
        const demonstrated = renderTranscript([user(question), assistant(answer), user('next')]).prefix;
        expect(answerOf(demonstrated.slice(question.length))).toBe(answer);
      }),
    );
  });
});

describe('stop sequences', () => {
  test('cut at the first of them, wherever it stands in the list', () => {
    expect(cutAtStop('a;b\nc', ['\n', ';'])).toEqual({ text: 'a', stopped: true });
    expect(cutAtStop('a;b\nc', [';', '\n'])).toEqual({ text: 'a', stopped: true });
  });

  test('leave a text without them alone; an empty one stops nothing', () => {
    expect(cutAtStop('abc', ['x', ''])).toEqual({ text: 'abc', stopped: false });
  });
});
