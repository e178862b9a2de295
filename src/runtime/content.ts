import { inputError, outsideError, type PromptlineError } from '../errors.ts';
import type { Message, ModelParameters } from '../prompts/prompt.ts';
import { messagePlaceholders } from '../prompts/render.ts';
import { type PromptContent, promptDigest } from '../prompts/version.ts';
import { fieldsOf, parseJson } from './json.ts';

/** What is sent for a version of a prompt, and the variables it needs. */
export type Content = PromptContent & { readonly inputs: readonly string[] };

/** A prompt of the application's own. */
export type Pinned = { readonly version: string; readonly digest: string; readonly content: Content };

/**
 * The content of a release from its file.
 *
 * @param sha256 what it must hash to
 * @param shown the file's name for people
 * @throws {PromptlineError} for anything else than that very content
 */
export function contentOf(text: string, sha256: string, shown: string): Content {
  const content = readContent(parseJson(text));
  if (!content) throw notServed(`${shown} is no prompt as \`promptline export --format json\` writes it`);
  const digest = promptDigest(content);
  if (digest !== sha256)
    throw notServed(`${shown} is not what was released: its digest is ${digest}, not ${sha256}`);
  return content;
}

/**
 * The prompts that ship with the application, by id.
 * @throws {PromptlineError} for one that was changed by hand or is no prompt
 */
export function pinnedPrompts(fallback: readonly unknown[]): ReadonlyMap<string, Pinned> {
  return new Map(
    fallback.map((document, index) => {
      const content = readContent(document);
      const { id, version, digest } = fieldsOf(document) ?? {};
      if (!content || typeof id !== 'string' || typeof version !== 'string')
        throw inputError(`fallback ${index} is no prompt`, 'Write it by `promptline export --format json`');
      if (digest !== promptDigest(content))
        throw inputError(
          `the fallback ${id} was changed after it was exported`,
          'Write it anew by `promptline export --format json`',
        );
      return [id, { version, digest: promptDigest(content), content }];
    }),
  );
}

function notServed(message: string): PromptlineError {
  return outsideError(message, 'It is not served; publish the release anew');
}

function readContent(value: unknown): Content | null {
  const { model, parameters, messages } = fieldsOf(value) ?? {};
  if (typeof model !== 'string' || !isParameters(parameters)) return null;
  if (!Array.isArray(messages) || messages.length === 0 || !messages.every(isMessage)) return null;
  return { model, parameters, messages, inputs: messagePlaceholders(messages) };
}

function isMessage(value: unknown): value is Message {
  const { role, content } = fieldsOf(value) ?? {};
  return (role === 'system' || role === 'user' || role === 'assistant') && typeof content === 'string';
}

function isParameters(value: unknown): value is ModelParameters {
  const parameters = fieldsOf(value);
  if (!parameters) return false;
  const { stop, temperature, topP, maxTokens, seed } = parameters;
  return (
    [temperature, topP, maxTokens, seed].every(
      (number) => number === undefined || typeof number === 'number',
    ) &&
    (stop === undefined || (Array.isArray(stop) && stop.every((text) => typeof text === 'string')))
  );
}
