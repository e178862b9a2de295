/**
 * The text of messages in the form of OpenTelemetry's conventions, their parts of type `text` put together: what a model thought, or called,
 * is none. Null where there is none, or no JSON: telemetry may be cut.
 */
export function textOfMessages(json: string): string | null {
  const messages = parsedJson(json);
  if (!Array.isArray(messages)) return null;
  const parts = messages.flatMap((message: unknown) => recordOf(message)?.['parts'] ?? []);
  const texts = parts.map(recordOf).flatMap((part) => {
    const content = part?.['type'] === 'text' ? part['content'] : null;
    return typeof content === 'string' ? [content] : [];
  });
  return texts.length === 0 ? null : texts.join('');
}

/** What filled a prompt's placeholders. Null for what is no JSON object. */
export function variablesIn(json: string): Readonly<Record<string, unknown>> | null {
  return recordOf(parsedJson(json));
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
}

/** Undefined for what is no JSON. */
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
