/** `promptline/runtime`: what an application imports to use prompts in production. */
export { PromptlineError } from '../errors.ts';
export type { Message, ModelParameters } from '../prompts/prompt.ts';
export { recordFeedback } from './feedback.ts';
export {
  type OpenFeatureClient,
  type OpenFeaturePrompts,
  type OpenFeaturePromptsOptions,
  openFeaturePrompts,
} from './open-feature.ts';
export { openPrompts } from './open-prompts.ts';
export { targetingKeyOf } from './targeting-key.ts';
export type {
  CallDetails,
  CallReference,
  Catalog,
  Feedback,
  PinnedPrompt,
  PromptChange,
  PromptRequest,
  Prompts,
  PromptsOptions,
  PromptVariant,
  ResolvedPrompt,
  Variable,
} from './types.ts';
