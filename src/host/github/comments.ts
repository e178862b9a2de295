import type { RepositoryHost } from '../repository-host.ts';
import type { GitHubClient } from './client.ts';
import { createOnce, unrepeated } from './create-once.ts';
import { asked } from './failures.ts';
import type { Repository } from './repository.ts';

const commenting = { doing: 'comment on the pull request', permission: 'pull-requests: write' };

/**
 * One comment that is kept up to date. It is found by its marker and its author over all pages: anyone may write the marker.
 */
export function commentsOf(
  client: GitHubClient,
  { owner, repo, viewer }: Repository,
): Pick<RepositoryHost, 'putComment'> {
  const mine = async (number: number, marker: string) => {
    const author = await viewer();
    const comments = await client.paginate(client.rest.issues.listComments, {
      owner,
      repo,
      issue_number: number,
      per_page: 100,
    });
    return comments.filter(({ user, body }) => user?.login === author && body?.startsWith(marker));
  };
  return {
    putComment: (number, { marker, body, replaces }) =>
      asked(commenting, async () => {
        const text = `${marker}\n${body}`;
        const comment = await createOnce(
          async () => (await mine(number, marker))[0] ?? null,
          async () =>
            (
              await client.rest.issues.createComment({
                owner,
                repo,
                issue_number: number,
                body: text,
                request: unrepeated,
              })
            ).data,
        );
        const isReplaced = replaces === undefined || comment.body?.includes(replaces);
        if (comment.body !== text && isReplaced)
          await client.rest.issues.updateComment({ owner, repo, comment_id: comment.id, body: text });
      }),
  };
}
