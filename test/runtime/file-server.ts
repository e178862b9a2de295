import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** How the server answers: with its files, or not. */
export type Behaviour =
  | 'files'
  /** The connection is accepted and nothing comes. */
  | 'hang'
  /** The head and half of the body come, then nothing. */
  | 'stall'
  /** The connection breaks in the middle of the body. */
  | 'cut'
  | { readonly status: number }
  | { readonly redirect: string };

export type FileServer = {
  readonly address: string;
  /** By path without the first slash; replace what is in it at any time. */
  files: Record<string, string>;
  /** For all paths, or for those that a pattern fits. */
  behaviour: Behaviour | ((path: string) => Behaviour);
  readonly requests: {
    readonly path: string;
    readonly status: number;
    readonly headers: IncomingMessage['headers'];
  }[];
};

/** A web server with ETags, as storage services are. It ends with the test. */
export async function startFileServer(files: Record<string, string> = {}): Promise<FileServer> {
  const http = createServer((request, response) => answer(server, request, response));
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  onTestFinished(async () => {
    http.closeAllConnections();
    await new Promise((done) => http.close(done));
  });
  const { port } = http.address() as AddressInfo;
  const server: FileServer = { address: `http://127.0.0.1:${port}`, files, behaviour: 'files', requests: [] };
  return server;
}

function answer(server: FileServer, request: IncomingMessage, response: ServerResponse): void {
  const path = decodeURIComponent((request.url ?? '').slice(1).split('?')[0] ?? '');
  const behaviour = typeof server.behaviour === 'function' ? server.behaviour(path) : server.behaviour;
  const body = server.files[path];
  const etag = `"${createHash('sha256')
    .update(body ?? '')
    .digest('hex')}"`;
  const status = statusOf(behaviour, body, request.headers['if-none-match'] === etag);
  server.requests.push({ path, status, headers: request.headers });
  if (behaviour === 'hang') return;
  const location = typeof behaviour === 'object' && 'redirect' in behaviour ? behaviour.redirect : null;
  response.writeHead(status, { etag, 'content-type': 'application/json', ...(location && { location }) });
  const text = status === 200 ? (body ?? '') : '';
  if (behaviour !== 'stall' && behaviour !== 'cut') {
    response.end(text);
    return;
  }
  response.write(text.slice(0, text.length / 2));
  if (behaviour === 'cut') setTimeout(() => response.destroy(), 5);
}

function statusOf(behaviour: Behaviour, body: string | undefined, unchanged: boolean): number {
  if (typeof behaviour === 'object') return 'status' in behaviour ? behaviour.status : 302;
  if (body === undefined) return 404;
  return unchanged && behaviour === 'files' ? 304 : 200;
}
