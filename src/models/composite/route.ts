import type { CompletionRequest, Model } from '../model.ts';
import { type Answer, isReadable, meaningOf, says } from './answer.ts';
import { type Asked, ask, askAll, sampled } from './ask.ts';
import type { RouteConditions } from './composite-config.ts';
import { answered, atOnce, inTurn, type Step, stepOf } from './spending.ts';

/**
 * Asks the models in turn until an answer meets all conditions; that of the last stands as it is. A model that fails fails the
 * whole: a fallback in its place is for that.
 *
 * Ax's AxMultiServiceRouter chooses a service by the model's name in the request, before anything is asked, and so cannot choose
 * by an answer.
 */
export function route(models: readonly Model[], until: RouteConditions): Model['complete'] {
  const weaker = models.slice(0, -1);
  const strongest = models.at(-1);
  if (!strongest) throw new RangeError('a route needs a model');
  return async (request, signal) => {
    const steps: Step[] = [];
    for (const model of weaker) {
      const { answer, step, stands } = await consult(model, request, until, signal);
      steps.push(step);
      if (stands) return answered(answer.completion, inTurn(steps));
    }
    const last = await strongest.complete(request, signal);
    return answered(last, inTurn([...steps, stepOf(strongest, last)]));
  };
}

/** A model's answer, and whether it stands. It is asked again for agreement only once all else holds. */
async function consult(
  model: Model,
  request: CompletionRequest,
  until: RouteConditions,
  signal?: AbortSignal,
): Promise<Asked & { readonly stands: boolean }> {
  const [first = request, ...others] = sampled(request, until.agreement ?? 1);
  const { answer, step } = await ask(model, first, signal);
  if (!holds(answer, until)) return { answer, step, stands: false };
  const again = await askAll(others.map((each) => ask(model, each, signal)));
  return {
    answer,
    step: inTurn([step, atOnce(again.map((asked) => asked.step))]),
    stands: again.every((asked) => meaningOf(asked.answer) === meaningOf(answer)),
  };
}

/** The conditions on one answer alone. A request that asks for no format, as a judge's question, has none to break. */
function holds(answer: Answer, { format, complete, abstention }: RouteConditions): boolean {
  const { completion, parsed } = answer;
  if (format === 'exact' && parsed !== null && parsed.problems.length > 0) return false;
  if (format === 'readable' && parsed !== null && !isReadable(answer)) return false;
  if (complete && (completion.text.trim() === '' || completion.finishReason === 'length')) return false;
  return abstention === undefined || !says(answer, abstention);
}
