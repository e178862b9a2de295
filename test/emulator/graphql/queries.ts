import { ApiFailure } from '../failures.ts';
import { type GitHub, repositoryNodeId } from '../github.ts';
import { rateView } from '../limits.ts';
import { isPull, type Repository } from '../state.ts';
import { authorize, reads, type Token } from '../tokens.ts';
import { issueNodeId } from '../views/issues.ts';
import { accountObject, graphqlFailure, pullObject, repositoryObject } from './objects.ts';

/** The root fields that read. */
export function queries(github: GitHub, token: Token) {
  return {
    // The viewer alone keeps the brackets of a bot's name.
    viewer: () => ({ ...accountObject(github, token.account), login: token.account.login }),
    repository: ({ owner, name }: { owner: string; name: string }) => {
      const repository = github.find(owner, name);
      if (repository && mayRead(token, repository)) return repositoryObject(github, repository);
      throw graphqlFailure(
        'NOT_FOUND',
        `Could not resolve to a Repository with the name '${owner}/${name}'.`,
      );
    },
    node: ({ id }: { id: string }) => {
      for (const repository of github.repositories.values()) {
        if (!mayRead(token, repository)) continue;
        if (repositoryNodeId(repository) === id) return repositoryObject(github, repository);
        const issue = [...repository.issues.values()].filter(isPull).find((each) => issueNodeId(each) === id);
        if (issue) return pullObject(github, repository, issue);
      }
      throw graphqlFailure('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'`);
    },
    rateLimit: () => {
      const { limit, remaining, used, reset } = rateView(token);
      return { cost: 1, limit, remaining, used, resetAt: new Date(reset * 1000).toISOString() };
    },
  };
}

function mayRead(token: Token, repository: Repository): boolean {
  try {
    authorize(token, repository, reads('metadata'));
    return true;
  } catch (error) {
    if (error instanceof ApiFailure) return false;
    throw error;
  }
}
