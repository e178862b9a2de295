import { inputError } from '../errors.ts';
import type { Message } from '../prompts/prompt.ts';
import { renderMessages } from '../prompts/render.ts';
import type { Content, Pinned } from './content.ts';
import { type Recording, recordCall } from './record-call.ts';
import type { PromptRequest, PromptVariant, ResolvedPrompt } from './types.ts';

/** Which version of a prompt somebody gets, and why. */
export type Assigned = {
  readonly id: string;
  readonly version: string;
  readonly variant: PromptVariant;
  /** In OpenFeature's words. */
  readonly reason: 'split' | 'static' | 'default';
  /** Of the rollout; null where no manifest assigned. */
  readonly generation: number | null;
  /** Of the user, hashed; null for nobody. */
  readonly targetingKey: string | null;
  readonly content: Content;
};

/** What the application brought along. */
export function byFallback({ version, content }: Pinned) {
  return { variant: 'fallback', reason: 'default', generation: null, version, content } as const;
}

/**
 * An assigned prompt, filled.
 * @throws {PromptlineError} for a variable that is missing, or is no text
 */
export function resolvedPrompt(
  assigned: Assigned,
  { variables }: PromptRequest,
  recording: Recording,
): ResolvedPrompt {
  const { id, version, variant, content } = assigned;
  const { model, parameters } = content;
  const messages = fillMessages(assigned, variables);
  return {
    id,
    version,
    variant,
    model,
    parameters,
    messages,
    record: (call, describe) => recordCall({ assigned, messages, variables, recording }, call, describe),
  };
}

function fillMessages({ id, version, content }: Assigned, variables: PromptRequest['variables']): Message[] {
  const missing = content.inputs.filter(
    (name) => !Object.hasOwn(variables, name) || variables[name] === undefined || variables[name] === null,
  );
  if (missing.length > 0) {
    throw inputError(
      `the prompt ${id} ${version} needs ${missing.map((name) => `"${name}"`).join(', ')}`,
      `Give it among the variables, which are ${Object.keys(variables).join(', ') || 'none'}; an application must know a new variable before the version that uses it is released`,
    );
  }
  return renderMessages(content.messages, variables);
}
