import { ApiFailure, notAccessible, notFound } from './failures.ts';
import type { Account, App, Repository, Role } from './state.ts';

export type Permission =
  | 'actions'
  | 'administration'
  | 'checks'
  | 'contents'
  | 'issues'
  | 'metadata'
  | 'pull_requests'
  | 'statuses'
  | 'workflows';

export type Permissions = Partial<Record<Permission, Role>>;

export type Token = {
  secret: string;
  /** The GITHUB_TOKEN of a job, the token of an installed app, a classic or a fine-grained personal access token. */
  kind: 'workflow' | 'installation' | 'classic' | 'fine-grained';
  account: Account;
  app: App | undefined;
  /** Undefined for a classic token: everything its owner can reach. */
  repositories: readonly Repository[] | undefined;
  permissions: Permissions;
  /** Of a classic token. */
  scopes: readonly string[];
  /** Requests of this hour. */
  used: number;
  limit: number;
  resetAt: number;
};

/** What an operation asks of a token. Any of the permissions is enough. */
export type Need = {
  permissions: readonly Permission[];
  access: Role;
  /** Anyone who can read a public repository may do this, as opening an issue. */
  open?: boolean;
};

/** Settings are not public, even of a public repository, and people need to be administrators to see them. */
export const administers = (access: Role): Need => ({ permissions: ['administration'], access });
export const reads = (...permissions: Permission[]): Need => ({ permissions, access: 'read' });
export const writes = (...permissions: Permission[]): Need => ({ permissions, access: 'write' });

const ranks: Record<Role, number> = { read: 1, write: 2, admin: 3 };

/**
 * Refuses what a token may not do to a repository.
 * @throws {ApiFailure} 401, 403, or 404 where even the repository's existence is private
 */
export function authorize(token: Token | undefined, repository: Repository, need: Need): void {
  const publicRead = !repository.private && need.access === 'read' && !isSetting(need);
  if (!token) {
    if (repository.private) throw notFound();
    if (!publicRead) throw new ApiFailure(401, 'Requires authentication');
    return;
  }
  if (repository.private && !mayRead(token, repository)) throw notFound();
  if (publicRead || isAllowed(token, repository, need)) return;
  if (token.kind === 'classic') throw notFound();
  throw notAccessible(token.kind === 'fine-grained' ? 'personal access token' : 'integration');
}

/** Whether the token reaches the repository, for this need. */
export function isAllowed(token: Token, repository: Repository, need: Need): boolean {
  if (token.kind === 'classic')
    return scopeAllows(token, repository) && personAllows(token.account, repository, need);
  if (!token.repositories?.includes(repository)) return false;
  const granted = need.permissions.some((name) => atLeast(token.permissions[name], need.access));
  return granted && (token.kind !== 'fine-grained' || personAllows(token.account, repository, need));
}

/** The role of a person; undefined without one. */
export function roleOf(
  account: Account,
  { owner, collaborators, private: hidden }: Repository,
): Role | undefined {
  if (account.login === owner.login) return 'admin';
  return collaborators.get(account.login) ?? (hidden ? undefined : 'read');
}

export function atLeast(given: Role | undefined, asked: Role): boolean {
  return given !== undefined && ranks[given] >= ranks[asked];
}

function mayRead(token: Token, repository: Repository): boolean {
  if (token.kind === 'classic') {
    return token.scopes.includes('repo') && roleOf(token.account, repository) !== undefined;
  }
  return token.repositories?.includes(repository) === true;
}

function scopeAllows({ scopes }: Token, repository: Repository): boolean {
  return scopes.includes('repo') || (!repository.private && scopes.includes('public_repo'));
}

function personAllows(account: Account, repository: Repository, need: Need): boolean {
  const asked = need.open ? 'read' : isSetting(need) ? 'admin' : need.access;
  return atLeast(roleOf(account, repository), asked);
}

function isSetting({ permissions }: Need): boolean {
  return permissions.includes('administration');
}
