import type { Annotation, CheckResult, RepositoryHost } from '../repository-host.ts';
import type { GitHubClient } from './client.ts';
import { createOnce, unrepeated } from './create-once.ts';
import { asked } from './failures.ts';
import type { Repository } from './repository.ts';

const checking = { doing: 'write a check', permission: 'checks: write' };

/** GitHub takes so many annotations with one request and adds those of the next. */
const ANNOTATIONS_AT_ONCE = 50;
/** What a check shows; more would be an unreadable page. */
const MOST_ANNOTATIONS = 200;
/** Characters GitHub takes of a summary. */
const LONGEST_SUMMARY = 65_535;

/** Checks at a commit. */
export function checksOf(
  client: GitHubClient,
  { owner, repo }: Repository,
): Pick<RepositoryHost, 'beginCheck'> {
  return {
    beginCheck: ({ name, commit, title }) =>
      asked(checking, async () => {
        const { id } = await createOnce(
          () => findBegun(client, { owner, repo, name, commit }),
          async () =>
            (
              await client.rest.checks.create({
                owner,
                repo,
                name,
                head_sha: commit,
                external_id: externalId(name),
                status: 'in_progress',
                output: { title, summary: title },
                request: unrepeated,
              })
            ).data,
        );
        return { end: (result) => asked(checking, () => endCheck(client, { owner, repo, id }, result)) };
      }),
  };
}

/** A check of ours that a killed run left open. */
async function findBegun(
  client: GitHubClient,
  { owner, repo, name, commit }: { owner: string; repo: string; name: string; commit: string },
): Promise<{ id: number } | null> {
  const found = await client.paginate(client.rest.checks.listForRef, {
    owner,
    repo,
    ref: commit,
    check_name: name,
    status: 'in_progress',
    per_page: 100,
  });
  return found.find(({ external_id }) => external_id === externalId(name)) ?? null;
}

function externalId(name: string): string {
  return `promptline:${name}`;
}

async function endCheck(
  client: GitHubClient,
  { owner, repo, id }: { owner: string; repo: string; id: number },
  { conclusion, title, summary, annotations }: CheckResult,
): Promise<void> {
  const output = { title: title.slice(0, 255), summary: summary.slice(0, LONGEST_SUMMARY) };
  const shown = annotations.slice(0, MOST_ANNOTATIONS).map(toAnnotation);
  // The conclusion goes with the last part: a check that has ended shows all of them.
  for (let start = ANNOTATIONS_AT_ONCE; start < shown.length; start += ANNOTATIONS_AT_ONCE) {
    const part = shown.slice(start, start + ANNOTATIONS_AT_ONCE);
    await client.rest.checks.update({
      owner,
      repo,
      check_run_id: id,
      output: { ...output, annotations: part },
      request: unrepeated,
    });
  }
  await client.rest.checks.update({
    owner,
    repo,
    check_run_id: id,
    status: 'completed',
    conclusion,
    output: { ...output, annotations: shown.slice(0, ANNOTATIONS_AT_ONCE) },
  });
}

function toAnnotation({ path, startLine, endLine, level, title, message }: Annotation) {
  return {
    path,
    start_line: startLine,
    end_line: endLine,
    annotation_level: level,
    title: title.slice(0, 255),
    message: message.slice(0, 4_000),
  };
}
