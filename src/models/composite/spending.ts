import type { Completion, Model, ModelError } from '../model.ts';
import { addMembers, addUsage, type MemberUsage, noUsage, usageOf } from '../usage.ts';

/** What a part of the work on one answer took. */
export type Step = {
  /** By the id of the model that was asked. */
  readonly members: Readonly<Record<string, MemberUsage>>;
  /** Milliseconds. */
  readonly latencyMs: number;
};

/** One member's answer; of a composite's, what its own members took. */
export function stepOf({ id }: Model, completion: Completion): Step {
  const { members = { [id]: usageOf(completion) }, latencyMs } = completion;
  return { members, latencyMs };
}

/** A member that failed. Its time does not count, as failed attempts do not count in any model's latency. */
export function failedStep({ id }: Model, { attempts }: ModelError): Step {
  const retries = Math.max(0, attempts - 1);
  return { members: { [id]: { ...noUsage, calls: 1, retries } }, latencyMs: 0 };
}

/** Steps made one after another. */
export function inTurn(steps: readonly Step[]): Step {
  return { members: membersOf(steps), latencyMs: steps.reduce((sum, { latencyMs }) => sum + latencyMs, 0) };
}

/** Steps made at the same time. */
export function atOnce(steps: readonly Step[]): Step {
  return { members: membersOf(steps), latencyMs: Math.max(0, ...steps.map(({ latencyMs }) => latencyMs)) };
}

/** A member's text as the composite's answer, with all that was spent on it. */
export function answered({ text, finishReason }: Completion, { members, latencyMs }: Step): Completion {
  const { calls, cached, inputTokens, outputTokens, usd, retries } = Object.values(
    members,
  ).reduce<MemberUsage>(addUsage, noUsage);
  return {
    text,
    inputTokens,
    outputTokens,
    usd,
    latencyMs,
    attempts: 1 + retries,
    finishReason,
    cached: cached === calls,
    members,
  };
}

function membersOf(steps: readonly Step[]): Step['members'] {
  return steps.map(({ members }) => members).reduce((sum, members) => addMembers(sum, members) ?? sum, {});
}
