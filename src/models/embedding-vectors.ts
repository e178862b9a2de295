import { RequestFailure } from './request-failure.ts';

/**
 * Vectors as a provider gave them, checked: one for each text, all of one length, of 32-bit floats that are not all 0.
 * @throws {RequestFailure} `invalid` for anything else
 */
export function checkVectors(vectors: readonly unknown[], texts: number): Float32Array[] {
  if (vectors.length !== texts) throw invalid(`${vectors.length} vectors came for ${texts} texts`);
  const checked = vectors.map((vector) => {
    if (!isVector(vector)) throw invalid('one is not a list of numbers');
    return Float32Array.from(vector);
  });
  if (new Set(checked.map(({ length }) => length)).size > 1) throw invalid('they differ in length');
  return checked;
}

/** The cosine of two vectors, in [-1, 1]. Throws where they have different lengths: they are of different models. */
export function cosine(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) throw new RangeError(`vectors of ${a.length} and ${b.length} numbers`);
  const product = dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  return Math.min(1, Math.max(-1, product));
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}

function isVector(value: unknown): value is number[] {
  return (
    Array.isArray(value) &&
    value.every((item) => typeof item === 'number' && Number.isFinite(Math.fround(item))) &&
    value.some((item) => Math.fround(item) !== 0)
  );
}

function invalid(what: string): RequestFailure {
  return new RequestFailure('invalid', `the answer holds no embeddings of the texts: ${what}`);
}
