import type { ObservedCall } from '../../src/monitoring/observed-call.ts';
import type { Condition, Rule } from '../../src/monitoring/rule.ts';
import type { Random } from '../../src/statistics/random.ts';
import type { WholeCall } from '../../src/telemetry/join/whole-calls.ts';
import type { CallDetails } from '../../src/telemetry/signal.ts';

export const [hour, day] = [3_600_000, 86_400_000];

/** A full multiple of every window of these tests. */
export const start = Date.parse('2026-01-01T00:00:00Z');

let users = 0;

/** A call of a user who makes no other, a success of the stable version unless said otherwise. */
export function observed(
  at: number,
  values: Readonly<Record<string, number>> = { success: 1 },
  more: Partial<ObservedCall> = {},
): ObservedCall {
  users += 1;
  return {
    at,
    user: `user ${users}`,
    place: ((users * 0x9e3779b1) >>> 0) / 2 ** 32,
    isCanary: false,
    version: '1.0.0',
    model: 'm',
    responseModel: null,
    values: new Map(Object.entries(values)),
    input: null,
    ...more,
  };
}

/** The details of a call that says nothing of itself. */
export const silent: CallDetails = {
  provider: null,
  model: 'm',
  responseModel: null,
  inputTokens: null,
  outputTokens: null,
  variables: null,
  answer: null,
};

/** A call as telemetry gives it. */
export function whole(
  at: number,
  { details = silent, user = null, ...more }: Partial<WholeCall['call'] & Pick<WholeCall, 'user'>> = {},
  scores: Readonly<Record<string, number>> = {},
): WholeCall {
  const call = {
    kind: 'call' as const,
    at,
    milliseconds: 500,
    failed: false,
    traceId: null,
    spanId: null,
    responseId: null,
    prompt: 'a/b',
    version: '1.0.0',
    details,
    usd: null,
    ...more,
  };
  return { call, user, variant: null, scores: new Map(Object.entries(scores)) };
}

/** `count` calls evenly over a time. */
export function callsIn(
  [from, to]: readonly [number, number],
  count: number,
  draw: (index: number) => Readonly<Record<string, number>>,
  more: Partial<ObservedCall> = {},
): ObservedCall[] {
  return Array.from({ length: count }, (_, index) =>
    observed(from + ((index + 0.5) / count) * (to - from), draw(index), more),
  );
}

/** A rule of these tests: an hour of success, at least 30 users. */
export function ruleWith(condition: Condition, more: Partial<Rule> = {}): Rule {
  return {
    name: 'rule',
    metric: 'success',
    measure: { of: 'mean' },
    condition,
    window: hour,
    leastSamples: 30,
    sustained: 1,
    resolved: 2,
    ...more,
  };
}

export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}
