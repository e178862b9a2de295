import type { CallReference, Feedback } from './types.js';
/**
 * Records what a user thinks of an answer, as an event on the span of its call. It may come later and from another process: give what
 * `record` gave as `call`, or the id of the response alone.
 *
 * @throws {PromptlineError} for a score outside [0, 1]
 *
 * @example
 * const { call } = await prompt.record(...);
 * recordFeedback(call, { score: 0, label: 'thumbs_down' });
 *
 * @example
 * recordFeedback({ responseId: 'chatcmpl-123' }, { score: 1 });
 */
export declare function recordFeedback(call: CallReference, { score, label }: Feedback): void;
