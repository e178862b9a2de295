import type { RepositoryHost } from '../repository-host.ts';
import type { GitHubClient } from './client.ts';
import { createOnce, unrepeated } from './create-once.ts';
import { asked } from './failures.ts';
import type { Repository } from './repository.ts';

const writing = { doing: 'open an issue', permission: 'issues: write' };
const reading = { doing: 'list issues', permission: 'issues: read' };
const closing = { doing: 'close an issue', permission: 'issues: write' };

/** One issue for each matter. It is found by its marker and its author, closed or not: anyone may write the marker. */
export function issuesOf(
  client: GitHubClient,
  { owner, repo, viewer }: Repository,
): Pick<RepositoryHost, 'openIssue' | 'issuesBeginning' | 'closeIssue'> {
  const mine = async (marker: string) => {
    const found = await client.paginate(client.rest.issues.listForRepo, {
      owner,
      repo,
      creator: await viewer(),
      state: 'all',
      per_page: 100,
    });
    return found.filter((issue) => issue.body?.startsWith(marker));
  };
  return {
    openIssue: ({ marker, title, body, labels }) =>
      asked(writing, async () => {
        const { number, html_url } = await createOnce(
          async () => (await mine(marker))[0] ?? null,
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
    issuesBeginning: (marker) =>
      asked(reading, async () => {
        const issues = await mine(marker);
        return issues
          .map(({ number, html_url, state, closed_at, body }) => ({
            number,
            url: html_url,
            isOpen: state === 'open',
            closedAt: closed_at === null ? null : Date.parse(closed_at),
            body: body ?? '',
          }))
          .toSorted((a, b) => b.number - a.number);
      }),
    closeIssue: (number, body) =>
      asked(closing, async () => {
        const change = { state: 'closed', state_reason: 'completed', body } as const;
        await client.rest.issues.update({ owner, repo, issue_number: number, ...change });
      }),
  };
}
