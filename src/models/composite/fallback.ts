import { type Model, ModelError } from '../model.ts';
import { RequestFailure } from '../request-failure.ts';
import { isWorthRetrying } from '../retry.ts';
import { answered, failedStep, inTurn, type Step, stepOf } from './spending.ts';

/** So many requests in a row that fail after all their attempts are an outage, not bad luck. */
const OUTAGE_AFTER = 3;

/** A member, and what is known of its health in this run. */
type Health = {
  readonly model: Model;
  /** Outages of the provider, since its last answer. */
  failuresInARow: number;
  /** Set once it is not asked any more. */
  outage: ModelError | null;
};

/**
 * Asks the first model; where it fails, the next. A model whose failure is fatal, or that was not reachable, too slow or
 * overloaded three times in a row, is not asked again in this run, so that not every request waits for it. The last one is given
 * up for a fatal failure only: nobody stands behind it.
 *
 * Ax's AxBalancer does not fit: it works on Ax's services, while members are any of our models, each behind the answer store;
 * it throws at once for a wrong key or an empty account, and asks a failed service again after a pause of seconds.
 */
export function fallback(id: string, models: readonly Model[]): Model['complete'] {
  const members = models.map((model): Health => ({ model, failuresInARow: 0, outage: null }));
  const last = members.at(-1);
  return async (request, signal) => {
    const steps: Step[] = [];
    const failures: ModelError[] = [];
    for (const member of members) {
      if (member.outage) {
        failures.push(member.outage);
        continue;
      }
      const { model } = member;
      try {
        const completion = await model.complete(request, signal);
        member.failuresInARow = 0;
        return answered(completion, inTurn([...steps, stepOf(model, completion)]));
      } catch (error) {
        if (signal?.aborted || !(error instanceof ModelError) || !isOwnFailure(error)) throw error;
        note(member, error, member === last);
        failures.push(error);
        steps.push(failedStep(model, error));
      }
    }
    throw nobodyAnswered(id, failures, { isOver: members.every(({ outage }) => outage), steps });
  };
}

/** Not a budget that is reached, or an answer that cannot be kept: no other model can mend that. */
function isOwnFailure({ attempts }: ModelError): boolean {
  return attempts > 0;
}

function note(member: Health, error: ModelError, isLast: boolean): void {
  if (isOutage(error)) member.failuresInARow += 1;
  if (error.fatal || (!isLast && member.failuresInARow >= OUTAGE_AFTER)) member.outage = error;
}

function isOutage({ cause }: ModelError): boolean {
  return cause instanceof RequestFailure && isWorthRetrying(cause);
}

function nobodyAnswered(
  id: string,
  failures: readonly ModelError[],
  { isOver, steps }: { isOver: boolean; steps: readonly Step[] },
): ModelError {
  const retries = Object.values(inTurn(steps).members).reduce((sum, member) => sum + member.retries, 0);
  const hint = failures.find((failure) => failure.hint !== undefined)?.hint;
  return new ModelError(`${id}: no model answered: ${failures.map(({ message }) => message).join('; ')}`, {
    fatal: isOver,
    attempts: 1 + retries,
    ...(hint !== undefined && { hint }),
    cause: failures.at(-1),
  });
}
