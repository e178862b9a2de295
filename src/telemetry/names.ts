/*
 * Names of OpenTelemetry's semantic conventions, kept here so that a change of theirs is one change of ours, for who writes telemetry
 * (runtime/) and who reads it. They are those of semantic conventions 1.45.0, whose generative AI and feature flag parts are in
 * development; `gen_ai.prompt.version` came later, with the conventions' own repository for generative AI.
 */

/** The version of the conventions, as the address of its schema. */
export const schemaUrl = 'https://opentelemetry.io/schemas/1.45.0';

export const attributes = {
  operation: 'gen_ai.operation.name',
  provider: 'gen_ai.provider.name',
  prompt: 'gen_ai.prompt.name',
  version: 'gen_ai.prompt.version',
  model: 'gen_ai.request.model',
  temperature: 'gen_ai.request.temperature',
  topP: 'gen_ai.request.top_p',
  maxTokens: 'gen_ai.request.max_tokens',
  stop: 'gen_ai.request.stop_sequences',
  seed: 'gen_ai.request.seed',
  responseId: 'gen_ai.response.id',
  responseModel: 'gen_ai.response.model',
  finishReasons: 'gen_ai.response.finish_reasons',
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  inputMessages: 'gen_ai.input.messages',
  outputMessages: 'gen_ai.output.messages',
  error: 'error.type',
  evaluationName: 'gen_ai.evaluation.name',
  evaluationValue: 'gen_ai.evaluation.score.value',
  evaluationLabel: 'gen_ai.evaluation.score.label',
  flagKey: 'feature_flag.key',
  flagVariant: 'feature_flag.result.variant',
  flagReason: 'feature_flag.result.reason',
  flagProvider: 'feature_flag.provider.name',
  /** Of the rules that assigned: the generation of the prompt's rollout. */
  flagVersion: 'feature_flag.version',
  flagUser: 'feature_flag.context.id',
  /** Our own: what filled a prompt's placeholders, as JSON. Written only where an application asks for texts. */
  variables: 'promptline.prompt.variables',
} as const;

export const events = {
  evaluation: 'gen_ai.evaluation.result',
  flag: 'feature_flag.evaluation',
} as const;

/** The evaluation by which users say what they think: 1 is a thumbs-up, 0 a thumbs-down. */
export const userFeedback = 'user_feedback';
