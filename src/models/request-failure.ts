/** Why one attempt at a request failed. */
export type FailureReason =
  /** The server answered with a status other than 2xx. */
  | 'status'
  /** Nobody listens at the address, or its name is not known. */
  | 'unreachable'
  /** The connection broke before the whole answer arrived. */
  | 'connection'
  | 'timeout'
  /** Status 2xx, and a body that is not an answer. */
  | 'invalid'
  /** The request or its answer was refused for its content: asking again gives the same. */
  | 'refused'
  /** The answer is sound but lacks what every other one will lack too. */
  | 'unsupported';

/** One failed attempt, as `withRetries` judges it. The message is safe to show: see `providerText`. */
export class RequestFailure extends Error {
  override name = 'RequestFailure';
  readonly reason: FailureReason;
  readonly status: number | undefined;
  /** What the server asked for with `Retry-After`, milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(
    reason: FailureReason,
    message: string,
    details: { status?: number; retryAfterMs?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause });
    this.reason = reason;
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
  }
}

const LONGEST_TEXT = 300;
/** Providers nest their messages in three objects and lists at most; what nests without end is no message. */
const DEEPEST_MESSAGE = 10;

/**
 * What a provider wrote, made safe for a report: one line, without control and direction characters, without the
 * key should it be echoed, cut to 300 characters.
 * @param secret the key that was sent, in each of its forms
 */
export function providerText(text: string, secret?: string | readonly string[]): string {
  const forms = [secret ?? []].flat().filter((form) => form !== '');
  const withoutKey = forms.reduce((rest, form) => rest.replaceAll(form, '[key]'), text);
  // Other and separator categories: control, format (with bidirectional overrides), surrogates, line breaks.
  const line = withoutKey.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
  const characters = Array.from(line);
  return characters.length > LONGEST_TEXT ? `${characters.slice(0, LONGEST_TEXT).join('')}…` : line;
}

/** The message inside an error body of any provider, or the body itself when it is not JSON; see `providerText`. */
export function errorMessage(body: string, secret?: string | readonly string[]): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return providerText(body.replace(/<[^<>]*>/g, ' '), secret);
  }
  return providerText(messageOf(parsed) ?? body, secret);
}

/** `error.message`, with its code or type: the code says what the message may not (`insufficient_quota`). */
function messageOf(value: unknown, levels = DEEPEST_MESSAGE): string | undefined {
  if (typeof value === 'string') return value;
  if (levels === 0) return undefined;
  if (Array.isArray(value)) return messageOf(value[0], levels - 1);
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = new Map<string, unknown>(Object.entries(value));
  const inner = fields.get('error') ?? fields.get('message') ?? fields.get('detail');
  const text = messageOf(inner, levels - 1);
  const code = fields.get('code') ?? fields.get('type');
  if (text === undefined || typeof code !== 'string' || inner === fields.get('error')) return text;
  return `${text} (${code})`;
}
