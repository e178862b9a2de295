import { sentences } from '../language/sentences.ts';
import { namesAndNumbers, stemsOf, termsOf } from './terms.ts';

/**
 * The least share of a claim's content stems that its source must hold. Of one-sentence summaries of abstracts 73%
 * pass (77% at 0.5, 62% at 0.7), of summaries of another abstract none.
 */
const LEAST_SHARE = 0.6;

/** What a source says about a claim, going by words. */
export type Support = {
  readonly supported: boolean;
  /** Words of the claim that the source does not have, names and numbers first. */
  readonly missing: readonly string[];
};

// An answer's first word rather than a claim of its own.
const ANSWER_PARTICLE = /^(?:yes|no)(?![\p{L}\p{N}])[\s,.;:]*/iu;

/** The claims of an answer: its sentences that hold a content word, without a leading yes or no. */
export function claimsOf(answer: string): string[] {
  return sentences(answer.trim().replace(ANSWER_PARTICLE, '')).filter((claim) => termsOf(claim).length > 0);
}

/**
 * Whether a claim is supported: all its names and numbers and at least three fifths of its different content stems
 * occur in the source, wherever. A lexical stand-in: it cannot see a denial, nor the right words in a wrong relation.
 * @param source stems of the source
 */
export function supportOf(claim: string, source: ReadonlySet<string>): Support {
  const isMissing = ({ stem }: { stem: string }) => !source.has(stem);
  const specifics = namesAndNumbers(claim).filter(isMissing);
  const stems = [...stemsOf(claim)];
  const held = stems.filter((stem) => source.has(stem)).length;
  const missing = [...specifics, ...termsOf(claim).filter(isMissing)].map(({ word }) => word);
  return {
    supported: specifics.length === 0 && stems.length > 0 && held / stems.length >= LEAST_SHARE,
    missing: [...new Set(missing)],
  };
}
