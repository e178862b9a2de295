import { Socket } from 'node:net';
import type { Client } from 'pg';
import { secretsIn } from './url-secrets.ts';

/** Milliseconds within which a server must take a connection, and answer a query. */
const CONNECT_TIMEOUT = 10_000;
const STATEMENT_TIMEOUT = 60_000;
/** A server that is cut off from the network does not even say that a statement took too long. */
const ANSWER_TIMEOUT = STATEMENT_TIMEOUT + 10_000;
const GOODBYE_TIMEOUT = 2_000;

/** Characters of a server's message that are kept. */
const LONGEST_REASON = 300;

export type Values = Readonly<Record<string, unknown>>;

/** A connection to Postgres that only reads. */
export type Connection = {
  /** The rows of one statement, in a transaction of its own. */
  query(sql: string, parameters: readonly unknown[]): Promise<readonly Values[]>;
  close(): Promise<void>;
};

/** @param url `postgres://user:password@host:port/database`, with the parameters of libpq that `pg` knows, as `sslmode` */
export async function connect(url: string): Promise<Connection> {
  // Far larger than all else that reads telemetry, and needed by few.
  const { default: PostgresClient } = await import('pg/lib/client.js');
  const socket = new Socket();
  const client = new PostgresClient({
    stream: () => socket,
    connectionString: url,
    application_name: 'promptline',
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    query_timeout: ANSWER_TIMEOUT,
  });
  // The query that waits, or the next one, rejects with it, too.
  client.on('error', () => {});
  const close = () => goodbye(client, socket);
  try {
    await client.connect();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    async query(sql, parameters) {
      // As settings of the transaction they hold behind a pooler, too, and nothing that a view calls can write.
      await client.query(
        `BEGIN READ ONLY; SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT}; SET LOCAL TimeZone = 'UTC'`,
      );
      const { rows } = await client.query<Values>(sql, [...parameters]);
      await client.query('COMMIT');
      return rows;
    },
    close,
  };
}

/** Where the server does not answer any more the socket is closed without it: an open one would keep the process. */
async function goodbye(client: Client, socket: Socket): Promise<void> {
  const late = setTimeout(() => socket.destroy(), GOODBYE_TIMEOUT);
  await client.end();
  clearTimeout(late);
  socket.destroy();
}

/** What a server or the network said, in one bounded text without the parts of the URL that are secret. */
export function reasonOf(error: unknown, url: string): string {
  // A name with several addresses gives an error without a message for all of them.
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  const message = (error instanceof Error ? error.message : String(error)) || code;
  return secretsIn(url)
    .reduce((text, secret) => text.replaceAll(secret, '***'), message)
    .slice(0, LONGEST_REASON);
}
