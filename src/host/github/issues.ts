import type { RepositoryHost } from '../repository-host.ts';
import type { GitHubClient } from './client.ts';
import { createOnce, unrepeated } from './create-once.ts';
import { asked } from './failures.ts';
import type { Repository } from './repository.ts';

const writing = { doing: 'open an issue', permission: 'issues: write' };

/** One issue for each matter. It is found by its marker and its author, closed or not: anyone may write the marker. */
export function issuesOf(
  client: GitHubClient,
  { owner, repo, viewer }: Repository,
): Pick<RepositoryHost, 'openIssue'> {
  return {
    openIssue: ({ marker, title, body, labels }) =>
      asked(writing, async () => {
        const { number, html_url } = await createOnce(
          async () => {
            const found = await client.paginate(client.rest.issues.listForRepo, {
              owner,
              repo,
              creator: await viewer(),
              state: 'all',
              per_page: 100,
            });
            return found.find((issue) => issue.body?.startsWith(marker)) ?? null;
          },
          async () =>
            (
              await client.rest.issues.create({
                owner,
                repo,
                title,
                body: `${marker}\n${body}`,
                labels: [...labels],
                request: unrepeated,
              })
            ).data,
        );
        return { number, url: html_url };
      }),
  };
}
