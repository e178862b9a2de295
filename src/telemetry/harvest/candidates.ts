import { createHash } from 'node:crypto';
import { fingerprint } from '../../datasets/leaks.ts';
import type { Trace } from './trace.ts';

/** An input of production with all that came of it, however often it was asked. */
export type Candidate = {
  readonly prompt: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** When it was asked last, milliseconds since 1970. */
  readonly lastAt: number;
  readonly calls: number;
  readonly failures: number;
  readonly disliked: number;
  /** The last answer that was liked, and the last that the judge approved of. */
  readonly liked: string | null;
  readonly approved: string | null;
  /** The last answer there was. */
  readonly answer: string | null;
};

/**
 * Collects inputs; the same one of the same prompt is kept once. Beyond a number those are kept whose hash is the lowest: they are of
 * the whole period, whole with all of their calls, and the same ones in whatever order calls come.
 */
export type Candidates = {
  add(trace: Trace): void;
  list(): readonly Candidate[];
  /** Calls with inputs beyond the number that is kept. */
  passedOver(): number;
};

/** A score from here on says that an answer was good; below {@link DISLIKED}, that it was not. */
const GOOD = 0.75;
const DISLIKED = 0.5;

/** Inputs that are kept: what one pull request takes is far less, and all of them lie in memory. */
const MOST_KEPT = 5_000;

/** How many more may gather before those beyond the number are dropped, since that sorts all of them. */
const SLACK = 500;

export function collectCandidates(): Candidates {
  const kept = new Map<string, Candidate>();
  // What was dropped once is passed over from then on.
  let bound: string | null = null;
  let passedOver = 0;

  function drop(): void {
    bound = [...kept.keys()].sort()[MOST_KEPT] ?? bound;
    for (const [rank, { calls }] of kept) {
      if (bound === null || rank < bound) continue;
      kept.delete(rank);
      passedOver += calls;
    }
  }

  return {
    add(trace) {
      const rank = rankOf(trace);
      if (bound !== null && rank >= bound) passedOver += 1;
      else kept.set(rank, joined(kept.get(rank) ?? fresh(trace), trace));
      if (kept.size > MOST_KEPT + SLACK) drop();
    },
    list() {
      drop();
      return [...kept.values()];
    },
    passedOver() {
      drop();
      return passedOver;
    },
  };
}

function rankOf(trace: Trace): string {
  return createHash('sha256')
    .update(`${trace.prompt} ${fingerprint(trace)}`)
    .digest('hex');
}

function fresh({ prompt, input }: Trace): Candidate {
  const nothing = { failures: 0, disliked: 0, liked: null, approved: null, answer: null };
  return { prompt, input, lastAt: 0, calls: 0, ...nothing };
}

function joined(candidate: Candidate, { at, answer, failed, feedback, verdict }: Trace): Candidate {
  const good = (score: number | null) => score !== null && score >= GOOD && !failed;
  return {
    ...candidate,
    lastAt: Math.max(candidate.lastAt, at),
    calls: candidate.calls + 1,
    failures: candidate.failures + (failed ? 1 : 0),
    disliked: candidate.disliked + (feedback !== null && feedback < DISLIKED ? 1 : 0),
    liked: good(feedback) ? (answer ?? candidate.liked) : candidate.liked,
    approved: good(verdict) ? (answer ?? candidate.approved) : candidate.approved,
    answer: answer ?? candidate.answer,
  };
}
