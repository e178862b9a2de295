import { z } from 'zod';
import { inputError } from '../errors.ts';

/** The form of a state file; a later form gets the next number. */
const FORM = 1;

const moment = z.iso.datetime();
const count = z.int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const releaseSchema = z.strictObject({
  /** Semver. */
  version: z.string(),
  /** The tag that holds the content, `prompts/<id>@<version>`. */
  ref: z.string(),
  /** Of what is sent, whatever its version: what is quarantined, and what a reader checks. */
  sha256,
});

const armSum = z.strictObject({ users: count, sum: z.number() });
const processSchema = z.strictObject({ bets: count, logWealth: z.array(z.number()).length(16) });
const byArm = <Schema extends z.ZodType>(schema: Schema) =>
  z.strictObject({ control: schema, canary: schema });

const userEvidenceSchema = z.strictObject({
  from: z.literal('users'),
  /** Users counted, whether their block is complete or not. */
  counted: byArm(count),
  /** The block that is still open. */
  block: byArm(armSum),
  /** Sums of the means of complete blocks. */
  blockSums: byArm(z.number()),
  /** Of canary - control in complete blocks. */
  difference: z.strictObject({ n: count, sum: z.number(), sumOfSquares: z.number() }),
  harm: processSchema,
  nonInferiority: processSchema,
  /** Values outside [0, 1] or not numbers, which were not counted. */
  unusable: count,
});

const countEvidenceSchema = z.strictObject({
  from: z.literal('counters'),
  seen: byArm(z.strictObject({ successes: count, total: count })),
  harm: z.number(),
  nonInferiority: z.number(),
});

const evidenceSchema = z.strictObject({
  metrics: z.record(z.string(), z.discriminatedUnion('from', [userEvidenceSchema, countEvidenceSchema])),
  /** Users first seen at this step, for the sample ratio. */
  arrivals: byArm(count),
  /** Who has been counted, as a sequence of Bloom filters in base64. */
  countedUsers: z.array(z.strictObject({ users: count, bits: z.base64() })),
  /** When telemetry last gave anything. */
  lastObservedAt: moment.nullable(),
  cursor: z.record(z.string(), z.string()),
});

const summarySchema = z.strictObject({
  /** ln E that users do not fall to the arms as intended; null before the first. */
  sampleRatio: z.number().nullable(),
  metrics: z.record(
    z.string(),
    z.strictObject({
      /** Users, or calls where counters have no users. */
      counted: byArm(count),
      /** In [0, 1], higher is better; null before the first complete block. */
      mean: byArm(z.number()).nullable(),
      /** canary - control with half the width of an interval of 95% at all times. */
      difference: z.strictObject({ mean: z.number(), half: z.number() }).nullable(),
      /** ln E. */
      harm: z.number(),
      nonInferiority: z.number(),
    }),
  ),
});

const causes = [
  'harm',
  'possible harm',
  'sample ratio',
  'telemetry',
  'frozen',
  'dwell',
  'users',
  'evidence',
  'no harm',
] as const;

const decisionSchema = z.strictObject({
  kind: z.enum(['promote', 'hold', 'revert']),
  /** What it rests on; the first is the reason of the others. */
  causes: z.array(z.enum(causes)).min(1),
  /** In words, with numbers. */
  reasons: z.array(z.string()),
  evidence: summarySchema,
});

const entrySchema = z.strictObject({
  at: moment,
  what: z.enum([
    'started',
    'promoted',
    'finished',
    'held',
    'resumed',
    'reverted',
    'superseded',
    'waiting',
    'frozen',
    'unfrozen',
    'cleared',
  ]),
  version: z.string().nullable(),
  /** Users who get the version from then on. */
  percent: count.nullable(),
  generation: count,
  /** `promptline`, or the person who did it. */
  by: z.string(),
  reasons: z.array(z.string()),
  evidence: summarySchema.nullable(),
});

const canarySchema = z.strictObject({
  release: releaseSchema,
  percent: z.int().min(1).max(99),
  /** The rollout's id: the same through all its steps, so that nobody moves back. */
  salt: z.string(),
  /** Events from before belong to another percentage and are not to be read. */
  stepSince: moment,
  decision: decisionSchema.nullable(),
  evidence: evidenceSchema,
});

const stateSchema = z.strictObject({
  form: z.literal(FORM),
  prompt: z.string(),
  /** Grows by one with every change of what is served. */
  generation: count,
  /** What everybody else gets; null before the first release. */
  stable: releaseSchema.nullable(),
  /** What was stable before, the newest first, to go back to. */
  previous: z.array(releaseSchema),
  canary: canarySchema.nullable(),
  /** Released while frozen; starts when unfrozen. */
  waiting: releaseSchema.nullable(),
  frozen: z.strictObject({ at: moment, by: z.string(), reason: z.string() }).nullable(),
  /** Contents that were reverted and are not served again until cleared. */
  quarantine: z.array(z.strictObject({ release: releaseSchema, at: moment, reason: z.string() })),
  /** The newest last; at most {@link LOG_LENGTH}. */
  log: z.array(entrySchema),
});

type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;

/** An immutable, published version of one prompt. */
export type Release = DeepReadonly<z.output<typeof releaseSchema>>;
export type UserEvidence = DeepReadonly<z.output<typeof userEvidenceSchema>>;
export type CountEvidence = DeepReadonly<z.output<typeof countEvidenceSchema>>;
export type MetricEvidence = UserEvidence | CountEvidence;
/** What is known of a canary, and how far telemetry was read for it: stored together, so that nothing counts twice. */
export type Evidence = DeepReadonly<z.output<typeof evidenceSchema>>;
/** The evidence in the numbers that people are shown. */
export type EvidenceSummary = DeepReadonly<z.output<typeof summarySchema>>;
export type MetricSummary = EvidenceSummary['metrics'][string];
export type Cause = (typeof causes)[number];
/** Promote, hold or revert, with what it rests on. */
export type Decision = DeepReadonly<z.output<typeof decisionSchema>>;
export type LogEntry = DeepReadonly<z.output<typeof entrySchema>>;
export type Canary = DeepReadonly<z.output<typeof canarySchema>>;
/** All that is known of the rollout of one prompt. */
export type RolloutState = DeepReadonly<z.output<typeof stateSchema>>;

/** Older entries leave the log; releases and tags are the record. */
const LOG_LENGTH = 200;

/** A prompt of which nothing was released. */
export function initialState(prompt: string): RolloutState {
  return {
    form: FORM,
    prompt,
    generation: 0,
    stable: null,
    previous: [],
    canary: null,
    waiting: null,
    frozen: null,
    quarantine: [],
    log: [],
  };
}

/** The log with one more entry. */
export function logged(log: readonly LogEntry[], entry: LogEntry): readonly LogEntry[] {
  return [...log, entry].slice(-LOG_LENGTH);
}

/** The text of a state file, keys in one order; {@link parseState} gives the same state back, every number exactly. */
export function formatState(state: RolloutState): string {
  return `${JSON.stringify(stateSchema.parse(state), null, 2)}\n`;
}

/** Reads a state file. Throws a PromptlineError where it is none. */
export function parseState(text: string, file: string): RolloutState {
  const result = stateSchema.safeParse(parseJson(text));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw inputError(
    `this is no rollout state of form ${FORM}: ${issue?.path.join('.') || 'the file'}: ${issue?.message}`,
    'Take the last good commit of the state branch, or a promptline that knows this form',
    { file },
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
