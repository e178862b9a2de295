import { inOrder } from '../in-order.ts';
import type { IrregularityKind, Tally } from '../irregularities.ts';
import { type Call, describeSignal, type Signal } from '../signal.ts';
import type { TelemetrySource } from '../source.ts';
import { joinAssignments } from './assigned-calls.ts';
import { createRecent } from './recent.ts';
import { joinScores } from './scored-calls.ts';

/** A call with all that came of it. */
export type WholeCall = {
  readonly call: Call;
  /** The targeting key; null where nobody is named. */
  readonly user: string | null;
  /** Of the manifest: `stable` or `canary`; null where it is not said. */
  readonly variant: string | null;
  /** By the evaluation's name; the last of each. */
  readonly scores: ReadonlyMap<string, number>;
};

export type WholeCallsRequest = {
  /** Milliseconds since 1970: calls that ended before are passed over. */
  readonly since: number;
  readonly now: number;
  /** How long after a call its assignment and its scores may come, in milliseconds of events. */
  readonly window: number;
  readonly details: boolean;
  readonly tally: Tally;
};

type Growing = { call: Call; user: string | null; variant: string | null; scores: Map<string, number> };

/** Every call once, with its user and its scores, in about the order in which they ended; memory is bounded by the window. */
export async function* wholeCalls(
  sources: readonly TelemetrySource[],
  request: WholeCallsRequest,
): AsyncGenerator<WholeCall> {
  const { since } = request;
  let ready: Growing[] = [];
  const join = joinWhole(request, (call) => {
    if (call.call.at >= since) ready.push(call);
  });
  const options = { ...request, warm: true };
  const batches = sources.values().map((source) => source.read({}, options));
  for await (const { signals } of inOrder(batches, sources.length)) {
    for (const signal of signals) join.add(signal);
    const some = ready;
    ready = [];
    yield* some;
  }
  join.forgetBefore(Number.POSITIVE_INFINITY);
  yield* ready;
}

function joinWhole(
  { now, window, tally }: WholeCallsRequest,
  onWhole: (whole: Growing) => void,
): { add(signal: Signal): void; forgetBefore(time: number): void } {
  let newest = 0;
  const note = (kind: IrregularityKind, signal: Signal) => tally.add(kind, describeSignal(signal));
  const forgotten = () =>
    tally.add('forgotten', `more calls within ${window / 1000} s than memory is kept for`);
  // Whoever asks for calls learns of those without a user by the calls themselves.
  const users = joinAssignments(() => {}, forgotten);
  const scores = joinScores<Growing>((score) => note('of an unknown call', score), forgotten);
  const growing = createRecent<Growing>(onWhole);
  const calls = new WeakMap<Call, Growing>();
  let count = 0;

  function addCall(call: Call): void {
    if (scores.has(call)) note('duplicate', call);
    // Too late to tell whether it was there before.
    else if (call.at < newest - window)
      tally.add('late', `${describeSignal(call)}, longer after others than telemetry.joinWindow`);
    else begin(call);
  }

  function begin(call: Call): void {
    const whole: Growing = { call, user: null, variant: null, scores: new Map() };
    calls.set(call, whole);
    count += 1;
    growing.set(count, whole, Math.min(call.at, now));
    for (const { score } of scores.addCall(call, whole)) whole.scores.set(score.name, score.value);
    const assigned = users.addCall(call);
    if (assigned) assign(assigned);
  }

  function assign({ call, assignment }: NonNullable<ReturnType<typeof users.addCall>>): void {
    const whole = calls.get(call);
    if (whole) [whole.user, whole.variant] = [assignment.user, assignment.variant];
  }

  function forgetBefore(time: number): void {
    users.forgetBefore(time);
    scores.forgetBefore(time);
    growing.forgetBefore(time, onWhole);
  }

  return {
    add(signal) {
      newest = Math.max(newest, Math.min(signal.at, now));
      if (signal.kind === 'call') addCall(signal);
      else if (signal.kind === 'assignment') for (const each of users.addAssignment(signal)) assign(each);
      else {
        const scored = scores.addScore(signal);
        scored?.known.scores.set(scored.score.name, scored.score.value);
      }
      forgetBefore(newest - window);
    },
    forgetBefore,
  };
}
