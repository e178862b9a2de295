import type { operations } from '@octokit/openapi-types';
import type { Values } from './contract.ts';
import { ApiFailure, notFound } from './failures.ts';
import type { GitHub } from './github.ts';
import type { Account, Repository } from './state.ts';
import type { Need, Token } from './tokens.ts';

/** A documented request by someone who may make it. */
export type Call = {
  github: GitHub;
  token: Token | undefined;
  path: Values;
  query: Values;
  /** As the published description has it, for JSON. */
  body: unknown;
  /** What is sent to the host for uploads. */
  bytes: Buffer;
  contentType: string;
  accept: string;
  /** The address without its query. */
  url: string;
};

export type Reply = { status: number; body?: unknown; headers?: Record<string, string>; bytes?: Buffer };

/** An operation by its published id, what it needs, and the answer. */
export type Route = {
  id: keyof operations;
  /** Undefined for what is not about a repository. */
  needs: Need | undefined;
  answer(call: Call): Reply | Promise<Reply>;
};

/** The JSON body that the description of an operation documents. */
export type BodyOf<Id extends keyof operations> = operations[Id] extends {
  requestBody?: { content: { 'application/json': infer Body } };
}
  ? NonNullable<Body>
  : never;

/** The body, which the contract has checked before. An absent one has no fields. */
export function bodyOf<Id extends keyof operations>(call: Call): BodyOf<Id> {
  return (call.body ?? {}) as BodyOf<Id>;
}

/** @throws {ApiFailure} 404, for an operation about no repository or one that is not there */
export function repositoryOf({ github, path }: Call): Repository {
  const repository = github.find(path['owner'] ?? '', path['repo'] ?? '');
  if (!repository) throw notFound();
  return repository;
}

/** A part of the path. */
export function part({ path }: Call, name: string): string {
  return path[name] ?? '';
}

/** Who acts. @throws {ApiFailure} 401 */
export function actorOf({ token }: Call): Account {
  if (!token) throw new ApiFailure(401, 'Requires authentication');
  return token.account;
}

/** The member of a repository that the path names by number. @throws {ApiFailure} 404 */
export function member<T>(members: ReadonlyMap<number, T>, id: string): T {
  const found = members.get(Number(id));
  if (found === undefined) throw notFound();
  return found;
}

export const ok = (body: unknown): Reply => ({ status: 200, body });
export const created = (body: unknown): Reply => ({ status: 201, body });
export const gone: Reply = { status: 204 };
