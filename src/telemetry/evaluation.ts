import { attributes } from './names.ts';

/** A score of an answer, as the event `gen_ai.evaluation.result` says it; null where something is not said. */
export type Evaluation = {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly name: string;
  /** In [0, 1]. */
  readonly value: number;
  readonly label: string | null;
  readonly responseId: string | null;
  /** Of the call's span, lower-case hex. */
  readonly traceId: string | null;
  readonly spanId: string | null;
  readonly prompt: string | null;
  readonly version: string | null;
};

/** The event's attributes. */
export function evaluationAttributes({
  name,
  value,
  label,
  responseId,
  prompt,
  version,
}: Omit<Evaluation, 'at' | 'traceId' | 'spanId'>): Readonly<Record<string, string | number>> {
  return {
    [attributes.evaluationName]: name,
    [attributes.evaluationValue]: value,
    ...(label !== null && { [attributes.evaluationLabel]: label }),
    ...(responseId !== null && { [attributes.responseId]: responseId }),
    ...(prompt !== null && { [attributes.prompt]: prompt }),
    ...(version !== null && { [attributes.version]: version }),
  };
}
