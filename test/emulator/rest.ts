import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type Call, type Reply, type Route, repositoryOf } from './call.ts';
import type { Contract, Operation, Values } from './contract.ts';
import { ApiFailure, notFound, validationFailed } from './failures.ts';
import { type Faults, failAfter, failBefore } from './faults.ts';
import type { GitHub } from './github.ts';
import { countRequest, rateHeaders } from './limits.ts';
import { routes } from './routes/index.ts';
import { authorize, type Need, type Token } from './tokens.ts';

export type Request = {
  method: string;
  url: URL;
  /** Below the prefix of the host. */
  pathname: string;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
};

/** A request or an answer that GitHub's published description does not allow. */
export type Violation = { request: string; problem: string };

export type World = {
  github: GitHub;
  contract: Contract;
  faults: Faults;
  violations: Violation[];
  /** How often each operation was asked for. */
  operations: Map<string, number>;
  tokenOf(headers: IncomingHttpHeaders): Token | undefined;
};

const byId: ReadonlyMap<string, Route> = new Map(routes.map((route) => [route.id, route]));

/** Answers a request to the REST API, or to the host for uploads. */
export async function answerRest(world: World, host: Operation['host'], request: Request): Promise<Reply> {
  const { method, pathname, headers } = request;
  const line = `${method} ${pathname}`;
  const found = world.contract.find(host, method, pathname);
  const route = found && byId.get(found.operation.id);
  if (!found || !route) {
    world.violations.push({ request: line, problem: 'is no operation of the contract' });
    return replyOf(notFound());
  }
  const { operation, path } = found;
  count(world.operations, operation.id);
  const fault = world.faults.take({ names: [operation.id], line });
  let token: Token | undefined;
  try {
    await failBefore(fault);
    token = world.tokenOf(headers);
    // Asking how many requests are left is free.
    if (operation.id !== 'rate-limit/get') countRequest(token);
    const reply = await answer(world, route, operation, callOf(world, operation, request, path, token));
    await failAfter(fault);
    const answered = conditional(reply, request);
    // An answer that the client has already is free.
    if (answered.status === 304 && token) token.used -= 1;
    return { ...answered, headers: { ...headersFor(token, route.needs), ...answered.headers } };
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    const reply = replyOf(error);
    return { ...reply, headers: { ...headersFor(token, route.needs), ...reply.headers } };
  }
}

export function count(operations: Map<string, number>, id: string): void {
  operations.set(id, (operations.get(id) ?? 0) + 1);
}

export function replyOf({ status, body, headers }: ApiFailure): Reply {
  return { status, body, headers };
}

async function answer(world: World, route: Route, operation: Operation, call: Call): Promise<Reply> {
  const line = `${operation.method} ${operation.path}`;
  const report = (problems: readonly string[]) => {
    for (const problem of problems) world.violations.push({ request: line, problem });
  };
  if (route.needs) authorize(call.token, repositoryOf(call), route.needs);
  const problems = world.contract.checkRequest(operation, call.path, call.query, call.body);
  if (problems.length > 0) {
    report(problems);
    throw validationFailed({ resource: operation.id, code: 'invalid', message: problems.join('; ') });
  }
  const reply = await Promise.resolve(route.answer(call)).catch((error: unknown) => {
    if (error instanceof ApiFailure) return replyOf(error);
    throw error;
  });
  if (reply.bytes === undefined) report(world.contract.checkResponse(operation, reply.status, reply.body));
  return reply;
}

/** @throws {ApiFailure} 400 */
function callOf(
  { github }: World,
  { host }: Operation,
  request: Request,
  path: Values,
  token: Token | undefined,
): Call {
  const { url, headers, bytes } = request;
  return {
    github,
    token,
    path,
    query: Object.fromEntries(url.searchParams),
    // A file that is uploaded may be JSON too.
    body: host === 'api' ? jsonOf(bytes) : undefined,
    bytes,
    contentType: headers['content-type'] ?? 'application/octet-stream',
    accept: headers.accept ?? '',
    url: `${url.origin}${url.pathname}`,
  };
}

export function jsonOf(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(bytes.toString());
  } catch {
    throw new ApiFailure(400, 'Problems parsing JSON');
  }
}

function headersFor(token: Token | undefined, needs: Need | undefined): Record<string, string> {
  const accepted = needs?.permissions.map((name) => `${name}=${needs.access}`).join('; ');
  return {
    ...rateHeaders(token, 'core'),
    'x-github-api-version-selected': '2022-11-28',
    ...(token?.app && accepted ? { 'x-accepted-github-permissions': accepted } : {}),
    ...(token?.kind === 'classic' ? { 'x-oauth-scopes': token.scopes.join(', ') } : {}),
  };
}

/** A client that has this very answer already gets none. */
function conditional(reply: Reply, { method, headers }: Request): Reply {
  if (method !== 'GET' || reply.status !== 200) return reply;
  const content = reply.bytes ?? JSON.stringify(reply.body);
  const etag = `W/"${createHash('sha256').update(content).digest('hex')}"`;
  const withTag = { ...reply.headers, etag };
  return headers['if-none-match'] === etag
    ? { status: 304, headers: withTag }
    : { ...reply, headers: withTag };
}
