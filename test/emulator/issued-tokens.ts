import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { ApiFailure } from './failures.ts';
import type { GitHub } from './github.ts';
import { nextReset } from './limits.ts';
import type { Account, App, Repository } from './state.ts';
import type { Permission, Permissions, Token } from './tokens.ts';

/** The `permissions:` of a workflow; what is not named is not given. */
export type WorkflowPermissions = Readonly<Record<string, 'read' | 'write' | 'none'>>;

type Grant = Pick<Token, 'kind' | 'permissions' | 'scopes'> & {
  prefix: string;
  account: Account;
  app?: App;
  repositories: readonly Repository[] | undefined;
};

/** Makes tokens and finds them again. */
export class IssuedTokens {
  readonly #github: GitHub;

  constructor(github: GitHub) {
    this.#github = github;
  }

  /**
   * The GITHUB_TOKEN of a job.
   * @param fork for a pull request from a fork: whatever the workflow asks for, the token can only read
   */
  workflow(repository: Repository, permissions: WorkflowPermissions, { fork = false } = {}): string {
    const granted: Permissions = { metadata: 'read' };
    for (const [name, access] of Object.entries(permissions)) {
      if (access !== 'none') granted[name.replaceAll('-', '_') as Permission] = fork ? 'read' : access;
    }
    const account = this.#github.account('github-actions[bot]', 'Bot');
    const app = this.#github.actions;
    const repositories = [repository];
    return this.#issue({
      prefix: 'ghs',
      kind: 'workflow',
      account,
      app,
      repositories,
      permissions: granted,
      scopes: [],
    });
  }

  /** The token of an installed app, which acts as `SLUG[bot]`. */
  installation(slug: string, repositories: readonly Repository[], permissions: Permissions): string {
    const account = this.#github.account(`${slug}[bot]`, 'Bot');
    const granted: Permissions = { metadata: 'read', ...permissions };
    const app = this.#github.app(slug);
    return this.#issue({
      prefix: 'ghs',
      kind: 'installation',
      account,
      app,
      repositories,
      permissions: granted,
      scopes: [],
    });
  }

  /** A classic personal access token. */
  classic(login: string, scopes: readonly string[] = ['repo', 'workflow']): string {
    const account = this.#github.account(login);
    return this.#issue({
      prefix: 'ghp',
      kind: 'classic',
      account,
      repositories: undefined,
      permissions: {},
      scopes,
    });
  }

  fineGrained(login: string, repositories: readonly Repository[], permissions: Permissions): string {
    const account = this.#github.account(login);
    const granted: Permissions = { metadata: 'read', ...permissions };
    return this.#issue({
      prefix: 'github_pat',
      kind: 'fine-grained',
      account,
      repositories,
      permissions: granted,
      scopes: [],
    });
  }

  /** Of this hour, so many requests are left. */
  leave(secret: string, remaining: number): void {
    const token = this.#github.tokens.get(secret);
    if (token) token.used = token.limit - remaining;
  }

  /** Who sends a request; undefined for nobody. @throws {ApiFailure} 401 for a token that is none */
  of({ authorization }: IncomingHttpHeaders): Token | undefined {
    if (authorization === undefined) return undefined;
    const [scheme = '', credentials = ''] = authorization.split(' ');
    const secret = /^basic$/i.test(scheme) ? passwordOf(credentials) : credentials;
    const token = this.#github.tokens.get(secret);
    if (!token) throw new ApiFailure(401, 'Bad credentials');
    return token;
  }

  #issue({ prefix, ...grant }: Grant): string {
    const secret = `${prefix}_${randomBytes(18).toString('hex')}`;
    const limit = grant.kind === 'workflow' ? 1000 : 5000;
    this.#github.tokens.set(secret, {
      app: undefined,
      ...grant,
      secret,
      used: 0,
      limit,
      resetAt: nextReset(),
    });
    return secret;
  }
}

/** Git sends a token as the password; any name goes with it. */
function passwordOf(credentials: string): string {
  const decoded = Buffer.from(credentials, 'base64').toString();
  return decoded.slice(decoded.indexOf(':') + 1);
}
