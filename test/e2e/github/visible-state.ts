import type { Place } from './proposing-repository.ts';

/** All that people see; names of commits and times differ from run to run. */
export async function stateOf({ repository, pulls, ahead, branches }: Place) {
  const { git } = repository;
  const names = await branches();
  const main = await git.resolve('main');
  return {
    branches: await Promise.all(
      names.map(async (name) => ({
        name,
        tree: await git.tree(`refs/heads/${name}`, '-r'),
        isOnMain: (await git.mergeBase('refs/heads/main', `refs/heads/${name}`)) === main,
        commits: (await ahead(name)).map(({ sha, message, tree }) => ({
          message,
          tree,
          isVerified: repository.verifiedCommits.has(sha),
        })),
      })),
    ),
    pulls: pulls().map(({ number, title, body, state, labels, author, pull }) => ({
      ...{ number, title, body, state, author: author.login, labels: labels.map((label) => label.name) },
      ...{ base: pull.base, head: pull.head.branch },
    })),
    comments: [...repository.comments.values()].map(({ issue, body, author }) => [issue, body, author.login]),
    labels: [...repository.labels.keys()],
  };
}
