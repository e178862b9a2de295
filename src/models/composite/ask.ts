import { type CompletionRequest, type Model, ModelError } from '../model.ts';
import { type Answer, readAnswer } from './answer.ts';
import { type Step, stepOf } from './spending.ts';

export type Asked = { readonly answer: Answer; readonly step: Step };

/**
 * The requests for several answers to one: each is a repeat of its own, so that the answer store keeps them apart. The first of
 * the first repeat is the request itself, which shares its stored answer with the model asked alone.
 */
export function sampled(request: CompletionRequest, samples: number): CompletionRequest[] {
  return Array.from({ length: samples }, (_, index) => ({
    ...request,
    repeat: request.repeat * samples + index,
  }));
}

export async function ask(model: Model, request: CompletionRequest, signal?: AbortSignal): Promise<Asked> {
  const completion = await model.complete(request, signal);
  return { answer: readAnswer(completion, request), step: stepOf(model, completion) };
}

/**
 * Asks all at once; rejects when one fails, as fewer answers would be another measure. It does so after all have ended: those that
 * are under way are paid for and must reach the answer store.
 */
export async function askAll(calls: readonly Promise<Asked>[]): Promise<Asked[]> {
  const ended = await Promise.allSettled(calls);
  const failures = ended.flatMap((each): unknown[] => (each.status === 'rejected' ? [each.reason] : []));
  if (failures.length > 0) throw failures.find(endsTheRun) ?? failures[0];
  return ended.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
}

/** Several answers of each model, in the order of the models. */
export function askEach(
  models: readonly Model[],
  samples: number,
  request: CompletionRequest,
  signal?: AbortSignal,
): Promise<Asked[]> {
  return askAll(models.flatMap((model) => sampled(request, samples).map((each) => ask(model, each, signal))));
}

function endsTheRun(failure: unknown): boolean {
  return !(failure instanceof ModelError) || failure.fatal;
}
