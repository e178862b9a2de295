import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import PostgresClient from 'pg/lib/client.js';

/** A Postgres for tests, with a password that must not be seen. */
export type PostgresServer = {
  readonly url: string;
  /** Runs statements, each in a transaction of its own. */
  run(sql: string): Promise<void>;
  /** Ends it at once, as a crash does; `start` brings it back. */
  kill(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
};

export const password = 'not/to be seen';

/** Debian's and Ubuntu's place for the server's programs; the newest. */
const programs = globSync('/usr/lib/postgresql/*/bin')
  .filter((folder) => existsSync(path.join(folder, 'initdb')))
  .toSorted()
  .at(-1);

export const hasServer = programs !== undefined;

/** The server that is installed, in a folder of its own, by a socket. It refuses to be run by root. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'pg-'));
  const isRoot = process.getuid?.() === 0;
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  const asPostgres = ['--reuid=postgres', '--regid=postgres', '--clear-groups'];
  const program = (name: string, ...options: string[]): [string, string[]] => {
    const binary = path.join(programs ?? '', name);
    return isRoot ? ['setpriv', [...asPostgres, binary, ...options]] : [binary, options];
  };
  const secret = path.join(folder, 'password');
  writeFileSync(secret, password);
  if (isRoot) for (const place of [folder, secret]) chownSync(place, idOf('-u'), idOf('-g'));
  const data = path.join(folder, 'data');
  const options = ['-D', data, '-U', 'reader', '--auth=scram-sha-256', `--pwfile=${secret}`];
  const locale = ['--no-sync', '--no-locale', '--encoding=UTF8', '--no-instructions'];
  execFileSync(...program('initdb', ...options, ...locale), { cwd: folder, stdio: 'ignore' });
  const url = `postgres://reader:${encodeURIComponent(password)}@/postgres?host=${encodeURIComponent(folder)}`;
  const settings = ['fsync=off', 'listen_addresses=', `unix_socket_directories=${folder}`, 'autovacuum=off'];
  const [command, given] = program('postgres', '-D', data, ...settings.flatMap((each) => ['-c', each]));
  let running: ReturnType<typeof spawn> | null = null;
  const stop = async (signal: 'SIGQUIT' | 'SIGINT') => {
    const ended = running?.exitCode === null ? new Promise((end) => running?.once('exit', end)) : null;
    running?.kill(signal);
    await ended;
  };
  const server: PostgresServer = {
    url,
    run: (sql) => runSql(url, sql),
    kill: () => stop('SIGQUIT'),
    async start() {
      running = spawn(command, given, { cwd: folder, stdio: 'ignore' });
      await answering(url);
    },
    async close() {
      await stop('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

/** Postgres as it is embedded, behind its socket: one connection at a time, and any password. */
export async function startEmbeddedPostgres(): Promise<PostgresServer> {
  const database = await PGlite.create();
  const listen = async (port: number) => {
    const server = new PGLiteSocketServer({ db: database, host: '127.0.0.1', port });
    await server.start();
    return server;
  };
  let server = await listen(0);
  const port = Number(server.getServerConn().split(':').at(-1));
  const user = `postgres:${encodeURIComponent(password)}`;
  return {
    url: `postgres://${user}@127.0.0.1:${port}/postgres?sslmode=disable`,
    run: async (sql) => void (await database.exec(sql)),
    kill: () => server.stop(),
    async start() {
      server = await listen(port);
    },
    async close() {
      await server.stop();
      await database.close();
    },
  };
}

/** A connection of its own, to hold a transaction open; to be ended. */
export async function connected(url: string) {
  const client = new PostgresClient({ connectionString: url });
  // A server that is killed takes it along.
  client.on('error', () => {});
  await client.connect();
  return client;
}

async function runSql(url: string, sql: string): Promise<void> {
  const client = await connected(url);
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function answering(url: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await runSql(url, 'SELECT 1');
    } catch (error) {
      if (tries > 300) throw error;
      await delay(50);
    }
  }
}
