import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { chance } from './chance.ts';
import type { Dialect } from './dialects.ts';
import type { Script, ScriptedFailure } from './script.ts';

const HUGE_BYTES = 20 * 1024 * 1024;

/**
 * The scripted failure of a request, if any.
 * @param nth 1 for the first request of this content
 */
export function failureOf(
  script: Script,
  question: string,
  content: string,
  nth: number,
): ScriptedFailure | undefined {
  return script.failures.find(
    ({ contains, first, rate }, index) =>
      (contains === undefined || question.includes(contains)) &&
      (first === undefined || nth <= first) &&
      chance(script.seed, 'failure', index, content, nth) < rate,
  );
}

/** Fails in the scripted way. Returns false for `slow` and for an answer that is only changed: see `spoil`. */
export async function fail(
  failure: ScriptedFailure,
  response: ServerResponse,
  dialect: Dialect,
): Promise<boolean> {
  switch (failure.kind) {
    case 'status':
      if (failure.retryAfter !== undefined) response.setHeader('retry-after', failure.retryAfter);
      sendJson(response, failure.status, dialect.error(failure.message, failure.code));
      return true;
    case 'cut':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"choices": [{"index"', () => response.destroy());
      return true;
    case 'hang':
      return true;
    case 'not-json':
      send(response, 200, 'application/json', '{"choices": [');
      return true;
    case 'html':
      send(response, 200, 'text/html', '<html><body><h1>Welcome\u0007 to the proxy</h1></body></html>');
      return true;
    case 'huge':
      send(response, 200, 'application/json', 'x'.repeat(HUGE_BYTES));
      return true;
    case 'empty':
      send(response, 200, 'application/json', '');
      return true;
    case 'slow':
      await delay(failure.delayMs);
      return false;
    default:
      return false;
  }
}

/** A sound answer made unsound, for the failures that change it. */
export function spoil(
  answer: Record<string, unknown>,
  failure: ScriptedFailure | undefined,
): Record<string, unknown> {
  if (failure?.kind === 'wrong-shape')
    return { result: answer['choices'] ?? answer['content'] ?? answer['data'] };
  if (failure?.kind !== 'no-usage') return answer;
  const { usage: _usage, ...rest } = answer;
  return rest;
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  send(response, status, 'application/json', JSON.stringify(body));
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type }).end(body);
}
