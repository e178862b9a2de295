/** `promptline/runtime`: what an application imports to use prompts in production. */
export { PromptlineError } from '../errors.js';
export type { Message, ModelParameters } from '../prompts/prompt.js';
export { recordFeedback } from './feedback.js';
export { type OpenFeatureClient, type OpenFeaturePrompts, type OpenFeaturePromptsOptions, openFeaturePrompts, } from './open-feature.js';
export { openPrompts } from './open-prompts.js';
export { targetingKeyOf } from './targeting-key.js';
export type { CallDetails, CallReference, Catalog, Feedback, PinnedPrompt, PromptChange, PromptRequest, Prompts, PromptsOptions, PromptVariant, ResolvedPrompt, Variable, } from './types.js';
