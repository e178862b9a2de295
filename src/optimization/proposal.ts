import type { OptimizeConfiguration } from '../config/schema.ts';
import type { Comparison, ExampleChange, Interval, Scorecard, Usage } from '../evaluation/scorecard.ts';
import type { Layout } from '../prompts/anatomy.ts';
import type { Message } from '../prompts/prompt.ts';

/** What the search chose for one candidate. */
export type Choices = {
  readonly instruction: string;
  readonly layout: Layout;
  /** Ids of training examples, in the order they stand in the prompt; `answered-ID` in a model's own words. */
  readonly demonstrations: readonly string[];
};

/** A candidate's score on the dev split at one moment of the search. */
export type Standing = {
  /** Calls the search had used when it was known. */
  readonly calls: number;
  /** Dev examples behind the mean. */
  readonly rows: number;
  /** Mean objective on them, in [0, 1]. */
  readonly mean: number;
};

/** A candidate with its way through the search. */
export type CandidateTrace = {
  /** 0 is the prompt as it was. */
  readonly id: number;
  /** The candidate it was made from; null for the base and for fresh ones. */
  readonly parent: number | null;
  /** How it was made, in words. */
  readonly why: string;
  readonly choices: Choices;
  /** In order of calls; the last one is what it ended with. Empty when nothing could be measured. */
  readonly standings: readonly Standing[];
  /** `picked`: measured on the test split; `stays`: the prompt as it was, where none was; `raced out`: others did better on the same rows. */
  readonly fate: 'picked' | 'stays' | 'raced out' | 'failed';
  /** The first dev example that it could not be measured on, and why. */
  readonly failure?: string;
};

/** What a search did. */
export type SearchTrace = {
  readonly strategy: OptimizeConfiguration['strategy'];
  readonly seed: number;
  /** The calls it was given, the final measurement not counted. */
  readonly budget: number;
  readonly calls: number;
  readonly dev: { readonly path: string; readonly digest: string; readonly n: number };
  readonly candidates: readonly CandidateTrace[];
  /** Why it ended, in words. */
  readonly ended: string;
};

/** One change of a proposal. */
export type Change = {
  readonly part: 'instruction' | 'added rules' | 'removed rules' | 'demonstrations' | 'layout';
  /** Those added or removed; empty for the other parts. */
  readonly rules: readonly string[];
};

/** What one change earns: the pick with it and without it on the same dev rows. */
export type Earning = {
  readonly change: Change;
  /** Mean objective of the pick on those rows; null where none could be compared. */
  readonly kept: number | null;
  /** That of the pick without the change. */
  readonly without: number | null;
  /** kept - without. */
  readonly difference: number | null;
  /** 95% interval of the difference. */
  readonly interval: Interval | null;
  /** Dev rows compared. */
  readonly n: number;
};

/** What each change of an accepted proposal earns. */
export type Ablation = {
  /** Model calls it took, beside those of the search and the final measurement. */
  readonly calls: number;
  readonly earnings: readonly Earning[];
  /** Why changes were not measured; null when all were. */
  readonly ended: string | null;
};

/** The end of one optimization: a better version with its proof, or why there is none. */
export type Proposal = {
  readonly id: string;
  readonly accepted: boolean;
  /** One sentence: the gain with its interval, or why nothing is proposed. */
  readonly reason: string;
  /** Versions; `to` is null when nothing is proposed. */
  readonly from: string;
  readonly to: string | null;
  /** The new version's file; null when nothing is proposed. */
  readonly file: string | null;
  readonly calls: number;
  readonly model: string;
  /** Both on the test split; null when the search found no candidate to measure. */
  readonly base: Scorecard | null;
  readonly head: Scorecard | null;
  readonly comparison: Comparison | null;
  readonly search: SearchTrace;
  readonly messages: { readonly base: readonly Message[]; readonly head: readonly Message[] | null };
  /** Test examples whose objective changed, largest change first. */
  readonly changes: readonly ExampleChange[];
  /** What changed and what it did, sentence by sentence. */
  readonly explanation: readonly string[];
  /** Absent without an accepted proposal, and where it is turned off. */
  readonly ablation?: Ablation;
  readonly usage: Usage;
  /** Wall-clock time of the run, milliseconds. */
  readonly elapsedMs: number;
};
