import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import type { Reply } from './call.ts';
import { ApiFailure } from './failures.ts';
import { failAfter, failBefore } from './faults.ts';
import { gitEnvironment, NO_COMMIT } from './git.ts';
import { movesBetween, referenceMoved, refusalOf } from './references.ts';
import { count, type Request, type World } from './rest.ts';
import type { Repository } from './state.ts';
import { authorize, reads, type Token, writes } from './tokens.ts';

const ADDRESS = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

export function isGit(pathname: string): boolean {
  return ADDRESS.test(pathname);
}

/** Serves clones, fetches and pushes with Git's own server program. */
export async function answerGit(world: World, request: Request): Promise<Reply> {
  const [, owner = '', name = '', action = ''] = ADDRESS.exec(request.pathname) ?? [];
  const service = action === 'info/refs' ? (request.url.searchParams.get('service') ?? '') : action;
  count(world.operations, service);
  const names = action === 'info/refs' ? [] : [service];
  const fault = world.faults.take({ names, line: `${request.method} ${request.pathname}` });
  try {
    await failBefore(fault);
    const token = world.tokenOf(request.headers);
    const repository = world.github.find(owner, name);
    if (!repository) return anonymous(token);
    const refused = refusal(token, repository, service === 'git-receive-pack');
    if (refused) return refused;
    const reply =
      action === 'git-receive-pack'
        ? await receive(world, request, repository, token)
        : await backend(request, repository, action, []);
    await failAfter(fault);
    return reply;
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    return text(error.status, error.message, error.headers);
  }
}

/** Git asks for a password only after a 401. */
function anonymous(token: Token | undefined): Reply {
  if (token) return text(404, 'Repository not found.');
  return text(401, 'Authentication required', { 'www-authenticate': 'Basic realm="GitHub"' });
}

function refusal(token: Token | undefined, repository: Repository, pushes: boolean): Reply | undefined {
  try {
    authorize(token, repository, pushes ? writes('contents') : reads('contents'));
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    if (!token) return anonymous(token);
    return error.status === 404
      ? text(404, 'Repository not found.')
      : text(403, 'Write access to repository not granted.');
  }
}

/** A push. Its hook refuses what the rules forbid; the rest is told as if it came through REST. */
async function receive(
  world: World,
  request: Request,
  repository: Repository,
  token: Token | undefined,
): Promise<Reply> {
  const { git } = repository;
  const before = await git.references();
  const pushed = new Map(before.map(({ ref, sha }) => [ref, sha]));
  const commands = commandsOf(request.bytes);
  const refused = commands
    .map(({ ref, to }) => ({ ref, to, from: pushed.get(ref) ?? NO_COMMIT }))
    .filter((move) => refusalOf(repository, token, move) !== undefined);
  const reply = await backend(
    request,
    repository,
    'git-receive-pack',
    refused.map(({ ref }) => ref),
  );
  for (const move of movesBetween(before, await git.references())) {
    // Others may have moved other references meanwhile.
    if (commands.some(({ ref }) => ref === move.ref))
      await referenceMoved(world.github, repository, token, move);
  }
  return reply;
}

/** What a push asks for: lines of `OLD NEW NAME`, each after its length in four hexadecimal digits, up to a line of none. */
function commandsOf(body: Buffer): { ref: string; to: string }[] {
  const commands: { ref: string; to: string }[] = [];
  for (let at = 0; at + 4 <= body.length; ) {
    const length = Number.parseInt(body.subarray(at, at + 4).toString(), 16);
    if (!(length > 4)) break;
    const [line = ''] = body
      .subarray(at + 4, at + length)
      .toString()
      .split('\0');
    const [, to = '', ref = ''] = line.trim().split(' ');
    commands.push({ ref, to });
    at += length;
  }
  return commands;
}

async function backend(
  { method, url, headers, bytes }: Request,
  repository: Repository,
  action: string,
  refused: readonly string[],
): Promise<Reply> {
  const child = spawn('git', ['-c', 'http.receivepack=true', 'http-backend'], {
    env: {
      ...gitEnvironment,
      GIT_PROJECT_ROOT: repository.git.directory,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: `/${action}`,
      REQUEST_METHOD: method,
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: headers['content-type'] ?? '',
      CONTENT_LENGTH: String(bytes.length),
      REFUSED_REFS: refused.join(' '),
      ...forwarded(headers),
    },
  });
  const out: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stdin.on('error', () => {});
  child.stdin.end(bytes);
  await once(child, 'close');
  return fromCgi(Buffer.concat(out));
}

function forwarded(headers: IncomingHttpHeaders): Record<string, string> {
  const protocol = headers['git-protocol'];
  const encoding = headers['content-encoding'];
  return {
    ...(typeof protocol === 'string' ? { GIT_PROTOCOL: protocol } : {}),
    ...(encoding === undefined ? {} : { HTTP_CONTENT_ENCODING: encoding }),
  };
}

function fromCgi(output: Buffer): Reply {
  const end = output.indexOf('\r\n\r\n');
  const headers: Record<string, string> = {};
  for (const line of output.subarray(0, end).toString().split('\r\n')) {
    const [name = '', value = ''] = line.split(': ');
    headers[name.toLowerCase()] = value;
  }
  const { status = '200', ...rest } = headers;
  return { status: Number.parseInt(status, 10), bytes: output.subarray(end + 4), headers: rest };
}

function text(status: number, message: string, headers: Record<string, string> = {}): Reply {
  return {
    status,
    bytes: Buffer.from(`${message}\n`),
    headers: { 'content-type': 'text/plain', ...headers },
  };
}
