import { type Call, member, part, repositoryOf } from '../call.ts';
import { validationFailed } from '../failures.ts';
import type { Issue } from '../state.ts';
import { type Need, reads, writes } from '../tokens.ts';

const MAX_BODY = 65_536;

/** Issues and pull requests share their numbers, comments and labels, and either permission is enough. */
export const readsIssues: Need = reads('issues', 'pull_requests');
export const writesIssues: Need = writes('issues', 'pull_requests');

/** @throws {ApiFailure} 404 */
export function issueOf(call: Call): Issue {
  return member(repositoryOf(call).issues, part(call, 'issue_number'));
}

/** @throws {ApiFailure} 422 for text that GitHub would not keep */
export function checkBody(resource: string, body: string): void {
  if (body.length <= MAX_BODY) return;
  const message = `Body is too long (maximum is ${MAX_BODY} characters)`;
  throw validationFailed({ resource, code: 'unprocessable', field: 'data', message });
}
