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

/** Collects inputs; the same one of the same prompt is kept once. */
export type Candidates = {
  add(trace: Trace): void;
  list(): readonly Candidate[];
  /** Inputs beyond the number that is kept. */
  passedOver(): number;
};

/** A score from here on says that an answer was good; below {@link DISLIKED}, that it was not. */
const GOOD = 0.75;
const DISLIKED = 0.5;

/** Inputs that are kept: what one pull request takes is far less, and all of them lie in memory. */
const MOST_KEPT = 5_000;

export function collectCandidates(): Candidates {
  const kept = new Map<string, Candidate>();
  let passedOver = 0;
  return {
    add(trace) {
      const key = `${trace.prompt} ${fingerprint(trace)}`;
      const known = kept.get(key);
      if (known) kept.set(key, joined(known, trace));
      else if (kept.size < MOST_KEPT) kept.set(key, joined(fresh(trace), trace));
      else passedOver += 1;
    },
    list: () => [...kept.values()],
    passedOver: () => passedOver,
  };
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
