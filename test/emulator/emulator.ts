import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Reply } from './call.ts';
import { type Contract, publishedContract } from './contract.ts';
import { CutConnection, Faults, type Injection } from './faults.ts';
import { answerGit, isGit } from './git-http.ts';
import { GitHub, type GivenRun, type RecordedEvent, type RepositorySettings, type Urls } from './github.ts';
import { answerGraphql } from './graphql/answer.ts';
import { IssuedTokens } from './issued-tokens.ts';
import { answerRest, type Request, type Violation, type World } from './rest.ts';
import type { Artifact, Repository, WorkflowRun } from './state.ts';
import { noteOperations } from './tally.ts';

/** A request as it arrived. The headers leave the token out, so that a search for secrets finds only what leaked. */
export type ReceivedRequest = {
  line: string;
  headers: Record<string, unknown>;
  body: Buffer;
  status: number;
};

export type Emulator = {
  readonly urls: Urls;
  /** Everything that is known; tests may change it as an owner would in the browser. */
  readonly github: GitHub;
  readonly contract: Contract;
  readonly tokens: IssuedTokens;
  /** What clients, or the emulator itself, did against GitHub's published description. */
  readonly violations: readonly Violation[];
  /** How often each operation was asked for, as `issues/create-comment`, `graphql:createCommitOnBranch`, `git-upload-pack`. */
  readonly operations: ReadonlyMap<string, number>;
  readonly requests: readonly ReceivedRequest[];
  readonly events: readonly RecordedEvent[];
  repository(fullName: string, settings?: RepositorySettings): Promise<Repository>;
  fork(repository: Repository, owner: string): Promise<Repository>;
  /** A run that has completed: the emulator runs no workflows. */
  addRun(repository: Repository, run: GivenRun): Promise<WorkflowRun>;
  addArtifact(repository: Repository, artifact: Pick<Artifact, 'run' | 'name' | 'zip'>): Artifact;
  inject(injection: Injection): void;
  /** All text that was sent here: requests, and every object in the repositories, since pushes are compressed. */
  everythingReceived(): Promise<string>;
  close(): Promise<void>;
};

/** A GitHub on this machine, with the addresses of GitHub Enterprise Server: `/api/v3`, `/api/graphql`, `/api/uploads`. */
export async function startEmulator(): Promise<Emulator> {
  const directory = mkdtempSync(path.join(tmpdir(), 'promptline-github-'));
  const server = createServer((message, response) => void serve(message, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const urls = {
    server: address,
    api: `${address}/api/v3`,
    uploads: `${address}/api/uploads`,
    graphql: `${address}/api/graphql`,
  };
  const github = new GitHub(directory, urls);
  const tokens = new IssuedTokens(github);
  const faults = new Faults();
  const violations: Violation[] = [];
  const operations = new Map<string, number>();
  const requests: ReceivedRequest[] = [];
  const world: World = {
    github,
    contract: publishedContract(),
    faults,
    violations,
    operations,
    tokenOf: (headers) => tokens.of(headers),
  };

  async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await requestOf(message, address).catch(() => undefined);
    // The client went away while it was sending.
    if (!request) return;
    const received = recordOf(request);
    requests.push(received);
    try {
      const reply = await answer(world, request);
      received.status = reply.status;
      send(response, reply);
    } catch (error) {
      if (error instanceof CutConnection) return void response.destroy();
      // A mistake of the emulator's own; a test that asserts that there are no violations shows it.
      violations.push({
        request: received.line,
        problem: error instanceof Error ? String(error.stack) : String(error),
      });
      send(response, { status: 500, body: { message: String(error) } });
    }
  }

  return {
    urls,
    github,
    contract: world.contract,
    tokens,
    violations,
    operations,
    requests,
    events: github.events,
    repository: (fullName, settings) => github.createRepository(fullName, settings),
    fork: (repository, owner) => github.fork(repository, owner),
    addRun: (repository, run) => github.addRun(repository, run),
    addArtifact: (repository, artifact) => github.addArtifact(repository, artifact),
    inject: (injection) => faults.inject(injection),
    async everythingReceived() {
      const texts = requests.map(({ line, headers, body }) => `${line}\n${JSON.stringify(headers)}\n${body}`);
      const objects = [...github.repositories.values()].map(({ git }) => git.everything());
      return [...texts, ...(await Promise.all(objects))].join('\n');
    },
    close() {
      noteOperations(operations);
      server.closeAllConnections();
      // A Git that still runs may be writing.
      rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function answer(world: World, request: Request): Promise<Reply> {
  const { url } = request;
  const below = (prefix: string) => ({ ...request, pathname: url.pathname.slice(prefix.length) });
  if (url.pathname === '/api/graphql' && request.method === 'POST') return answerGraphql(world, request);
  if (url.pathname.startsWith('/api/v3/')) return answerRest(world, 'api', below('/api/v3'));
  if (url.pathname.startsWith('/api/uploads/')) return answerRest(world, 'uploads', below('/api/uploads'));
  if (isGit(url.pathname)) return answerGit(world, request);
  return Promise.resolve(download(world, request));
}

function download({ github, violations }: World, { method, url }: Request): Reply {
  const stored = github.storage.get(url.pathname);
  if (stored) return { status: 200, bytes: stored.content, headers: { 'content-type': stored.type } };
  violations.push({ request: `${method} ${url.pathname}`, problem: 'is no address of GitHub' });
  return { status: 404, body: { message: 'Not Found' } };
}

async function requestOf(message: IncomingMessage, address: string): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  const url = new URL(message.url ?? '/', address);
  const { method = 'GET', headers } = message;
  return { method, url, pathname: url.pathname, headers, bytes: Buffer.concat(chunks) };
}

function recordOf({ method, url, headers, bytes }: Request): ReceivedRequest {
  const { authorization: _, ...rest } = headers;
  return { line: `${method} ${url.pathname}${url.search}`, headers: rest, body: bytes, status: 0 };
}

function send(response: ServerResponse, { status, body, bytes, headers }: Reply): void {
  const json = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    ...(json && status !== 304 ? { 'content-type': 'application/json; charset=utf-8' } : {}),
    ...headers,
  });
  response.end(status === 304 ? undefined : (bytes ?? json));
}
