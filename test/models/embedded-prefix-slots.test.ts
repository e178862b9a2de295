import { expect, test } from 'vitest';
import { PrefixSlots } from '../../src/models/embedded/prefix-slots.ts';
import type { LlamaSequence, Token } from '../../src/models/embedded/runtime.ts';

/** A sequence that holds tokens only, and remembers in which pieces it was given them. */
class TokenSequence implements LlamaSequence {
  tokens: Token[] = [];
  readonly batches: number[] = [];

  get nextTokenIndex() {
    return this.tokens.length;
  }
  async clearHistory() {
    this.tokens = [];
  }
  async eraseContextTokenRanges(ranges: { start: number; end: number }[]) {
    for (const { start, end } of ranges) this.tokens.splice(start, end - start);
  }
  async evaluateWithoutGeneratingNewTokens(tokens: Token[]) {
    this.batches.push(tokens.length);
    this.tokens.push(...tokens);
  }
  async *evaluate(tokens: Token[]) {
    this.tokens.push(...tokens);
    yield 0;
  }
}

const slotsOf = (count: number) => {
  const sequences = Array.from({ length: count }, () => new TokenSequence());
  const evaluated = () =>
    sequences.flatMap(({ batches }) => batches).reduce((sum, length) => sum + length, 0);
  return { slots: new PrefixSlots(sequences, 2), sequences, evaluated };
};

/** Asks for the state after `prefix`, then leaves a question and an answer behind it. */
async function use(slots: PrefixSlots, prefix: Token[]) {
  const sequence = (await slots.sequenceAfter(prefix)) as TokenSequence;
  expect(sequence.tokens).toEqual(prefix);
  sequence.tokens.push(97, 98, 99);
}

test('a prefix is evaluated once, and what followed it is forgotten', async () => {
  const { slots, evaluated } = slotsOf(2);
  for (let time = 0; time < 3; time += 1) await use(slots, [1, 2, 3]);
  expect(evaluated()).toBe(3);
});

test('a prefix is evaluated in the same pieces from the start, though another one begins like it', async () => {
  const { slots, sequences } = slotsOf(1);
  await use(slots, [1, 2, 3]);
  await use(slots, [1, 2, 3, 4, 5]);
  expect(sequences[0]?.batches).toEqual([2, 1, 2, 2, 1]);
});

test('the prefix that was used least recently gives way', async () => {
  const { slots, evaluated } = slotsOf(2);
  for (const prefix of [[1], [2], [1], [3], [1]]) await use(slots, prefix);
  expect(evaluated()).toBe(3);
  await use(slots, [2]);
  expect(evaluated()).toBe(4);
});

test('an empty prefix is an empty sequence', async () => {
  const { slots } = slotsOf(1);
  await use(slots, [1, 2]);
  await use(slots, []);
  await use(slots, []);
});

test('a prefix whose evaluation was aborted is evaluated anew', async () => {
  const { slots, sequences } = slotsOf(1);
  const controller = new AbortController();
  const [sequence] = sequences;
  sequence!.evaluateWithoutGeneratingNewTokens = async (tokens) => {
    sequence!.tokens.push(...tokens);
    controller.abort(new Error('enough'));
  };
  await expect(slots.sequenceAfter([1, 2, 3], controller.signal)).rejects.toThrow('enough');
  await use(slots, [1, 2, 3]);
});
