import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAnswer } from '../../src/formats/codec.ts';
import type { OutputFormat } from '../../src/formats/format.ts';
import type { Score } from '../../src/metrics/metric.ts';
import { similarity } from '../../src/metrics/similarity.ts';
import type { Embedder } from '../../src/models/embedder.ts';
import { cosine } from '../../src/models/embedding-vectors.ts';
import { noTools } from './no-tools.ts';

const text: OutputFormat = { format: 'text', field: 'answer' };
const vectors: Record<string, number[]> = {
  warm: [3, 4],
  mild: [4, 3],
  cold: [-3, -4],
  dry: [-4, 3],
};

/** Embeds the words above, and remembers what it was asked. */
function scriptedEmbedder() {
  const asked: (readonly string[])[] = [];
  const embedder: Embedder = {
    id: 'fake/embedder',
    identity: 'fake/embedder',
    async embed(texts) {
      asked.push(texts);
      return {
        vectors: texts.map((each) => Float32Array.from(vectors[each] ?? [1, 0])),
        inputTokens: 7,
        usd: 0.001,
        attempts: 2,
        cached: 1,
      };
    },
  };
  return { asked, embedder };
}

async function scored(output: string, answer: unknown, { embedder } = scriptedEmbedder()): Promise<Score> {
  const opened: string[] = [];
  const tools = {
    ...noTools,
    embedder: async (reference: string) => {
      opened.push(reference);
      return embedder;
    },
  };
  const options = similarity.options.parse({ field: 'answer', model: 'openai/small' });
  const score = await similarity.create('mine', options, tools).score({
    output,
    parsed: parseAnswer(text, output, {}),
    format: text,
    example: { id: 'one', input: {}, expected: { answer }, tags: [], cluster: 'one' },
    completion: { latencyMs: 0, inputTokens: 0, outputTokens: 0, usd: null },
  });
  expect(opened.every((reference) => reference === 'openai/small')).toBe(true);
  return score;
}

describe('similarity', () => {
  it('is the cosine with the nearest reference, and counts what it asked', async () => {
    expect(await scored('warm', ['cold', 'mild'])).toEqual({
      value: expect.closeTo(24 / 25, 6),
      feedback: 'answered "warm", should mean "mild"',
      usage: { calls: 3, cached: 1, inputTokens: 7, outputTokens: 0, usd: 0.001, retries: 1 },
    });
  });

  it('is 1 for the reference, 0 for a text at right angles or opposed to it', async () => {
    expect(await scored('warm', 'warm')).toMatchObject({ value: 1, feedback: '' });
    expect((await scored('warm', 'dry')).value).toBe(0);
    expect((await scored('warm', 'cold')).value).toBe(0);
  });

  it('is 0 for an empty answer and has no value without a reference, and asks for neither', async () => {
    const scripted = scriptedEmbedder();
    expect(await scored(' ', 'warm', scripted)).toEqual({ value: 0, feedback: 'the answer is empty' });
    expect(await scored('warm', [], scripted)).toEqual({ value: null, feedback: '' });
    expect(await scored('warm', ' ', scripted)).toEqual({ value: null, feedback: '' });
    expect(scripted.asked).toEqual([]);
  });

  it('wants a model with its provider', () => {
    const failure = similarity.options.safeParse({ field: 'answer', model: 'small' }).error;
    expect(failure?.message).toContain('must be provider/model');
  });
});

describe('the cosine', () => {
  const vector = fc
    .array(fc.float({ noNaN: true, min: -100, max: 100 }), { minLength: 3, maxLength: 3 })
    .map((values) => Float32Array.from(values))
    .filter((values) => values.some((value) => Math.abs(value) > 0.01));

  it('is symmetric, in [-1, 1], 1 with itself, and blind to length', () => {
    fc.assert(
      fc.property(vector, vector, fc.integer({ min: 1, max: 50 }), (a, b, factor) => {
        const value = cosine(a, b);
        expect(Math.abs(value)).toBeLessThanOrEqual(1);
        expect(cosine(b, a)).toBe(value);
        expect(cosine(a, a)).toBeCloseTo(1, 9);
        expect(
          cosine(
            a.map((each) => each * factor),
            b,
          ),
        ).toBeCloseTo(value, 4);
      }),
    );
  });

  it('refuses vectors of different models', () => {
    expect(() => cosine(Float32Array.of(1), Float32Array.of(1, 2))).toThrow('vectors of 1 and 2 numbers');
  });
});
