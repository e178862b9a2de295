import { inputError } from '../errors.ts';
import { originOf } from '../host/checkout.ts';
import type { ReleaseHost } from '../host/release-host.ts';
import type { RepositoryHost } from '../host/repository-host.ts';
import { terminalText } from '../reports/hostile.ts';
import type { Host } from './context.ts';

/**
 * The repository's pull requests and checks, as the environment names them: GITHUB_REPOSITORY, else the remote `origin`; the token in
 * GITHUB_TOKEN or GH_TOKEN; GITHUB_API_URL for an Enterprise server.
 * @throws {PromptlineError} where one is missing
 */
export async function openRepositoryHost(
  { environment, terminal }: Host,
  root: string,
): Promise<RepositoryHost & ReleaseHost> {
  const token = environment['GITHUB_TOKEN'] || environment['GH_TOKEN'];
  if (!token)
    throw inputError(
      'there is no token for GitHub',
      'Set GITHUB_TOKEN, or the input `github-token` of the Action',
    );
  const repository = environment['GITHUB_REPOSITORY'] || (await originOf(root));
  if (!repository)
    throw inputError('no repository on GitHub is known', 'Set GITHUB_REPOSITORY to owner/name');
  // Most commands need no GitHub and do not load its client.
  const { openGitHub } = await import('../host/github/github.ts');
  return openGitHub({
    token,
    repository,
    apiUrl: environment['GITHUB_API_URL'] || 'https://api.github.com',
    note: (line) => terminal.note(terminalText(line)),
  });
}
