import { GraphQLError } from 'graphql';
import type { Commit } from '../git.ts';
import { type GitHub, repositoryNodeId } from '../github.ts';
import { type Account, fullName, isPull, nodeId, type PullIssue, type Repository } from '../state.ts';
import { issueNodeId } from '../views/issues.ts';
import { sidesOf } from '../views/pulls.ts';
import { pageUrl } from '../views/repositories.ts';

/** An error with one of GitHub's types, as `NOT_FOUND`. */
export function graphqlFailure(type: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}

export function accountObject({ urls }: GitHub, { id, login, type }: Account) {
  // Unlike REST, GraphQL names a bot without its brackets.
  return {
    __typename: type,
    id: nodeId(type === 'Bot' ? 'BOT' : 'U', id),
    databaseId: id,
    login: login.replace(/\[bot\]$/, ''),
    url: `${urls.server}/${login}`,
  };
}

export function commitObject(github: GitHub, repository: Repository, commit: Commit) {
  const isValid = repository.verifiedCommits.has(commit.sha);
  return {
    __typename: 'Commit',
    id: nodeId('C', repository.id, commit.sha),
    oid: commit.sha,
    url: `${pageUrl(github, repository)}/commit/${commit.sha}`,
    commitUrl: `${pageUrl(github, repository)}/commit/${commit.sha}`,
    message: commit.message,
    messageHeadline: commit.message.split('\n')[0],
    committedDate: commit.committer.date,
    signature: isValid ? { __typename: 'GpgSignature', isValid, wasSignedByGitHub: true } : null,
  };
}

/** @returns null for a reference that is not there */
export async function referenceObject(github: GitHub, repository: Repository, qualifiedName: string) {
  const name = qualifiedName.startsWith('refs/') ? qualifiedName : `refs/heads/${qualifiedName}`;
  const sha = await repository.git.resolve(name);
  if (sha === undefined) return null;
  const prefix = name.split('/').slice(0, 2).join('/');
  return {
    id: nodeId('REF', repository.id, name),
    name: name.slice(prefix.length + 1),
    prefix: `${prefix}/`,
    target: commitObject(github, repository, await repository.git.commit(sha)),
  };
}

export async function pullObject(github: GitHub, repository: Repository, issue: PullIssue) {
  const { base, head } = await sidesOf(repository, issue);
  const { pull } = issue;
  return {
    __typename: 'PullRequest',
    id: issueNodeId(issue),
    databaseId: issue.id,
    number: issue.number,
    title: issue.title,
    body: issue.body ?? '',
    url: `${pageUrl(github, repository)}/pull/${issue.number}`,
    state: pull.merged ? 'MERGED' : issue.state.toUpperCase(),
    isDraft: pull.draft,
    merged: pull.merged !== undefined,
    isCrossRepository: pull.head.repository !== repository,
    baseRefName: pull.base,
    baseRefOid: base,
    headRefName: pull.head.branch,
    headRefOid: head,
    author: accountObject(github, issue.author),
  };
}

type PullFilter = {
  states?: string[];
  headRefName?: string;
  baseRefName?: string;
  first?: number;
  last?: number;
};

export function repositoryObject(github: GitHub, repository: Repository) {
  return {
    __typename: 'Repository',
    id: repositoryNodeId(repository),
    databaseId: repository.id,
    name: repository.name,
    nameWithOwner: fullName(repository),
    owner: accountObject(github, repository.owner),
    isPrivate: repository.private,
    url: pageUrl(github, repository),
    defaultBranchRef: () => referenceObject(github, repository, repository.defaultBranch),
    ref: ({ qualifiedName }: { qualifiedName: string }) => referenceObject(github, repository, qualifiedName),
    object: async ({ expression, oid }: { expression?: string; oid?: string }) => {
      const sha = await repository.git.resolve(expression ?? oid ?? '');
      return sha === undefined ? null : commitObject(github, repository, await repository.git.commit(sha));
    },
    pullRequest: ({ number }: { number: number }) => {
      const issue = repository.issues.get(number);
      if (issue && isPull(issue)) return pullObject(github, repository, issue);
      throw graphqlFailure('NOT_FOUND', `Could not resolve to a PullRequest with the number of ${number}.`);
    },
    pullRequests: ({ states, headRefName, baseRefName, first, last }: PullFilter) => {
      const found = [...repository.issues.values()]
        .filter(isPull)
        .filter(({ state, pull }) => states?.includes(pull.merged ? 'MERGED' : state.toUpperCase()) ?? true)
        .filter(({ pull }) => headRefName === undefined || pull.head.branch === headRefName)
        .filter(({ pull }) => baseRefName === undefined || pull.base === baseRefName);
      const page = last === undefined ? found.slice(0, first) : found.slice(-last);
      return {
        totalCount: found.length,
        nodes: () => Promise.all(page.map((issue) => pullObject(github, repository, issue))),
      };
    },
  };
}
