/** The address of the attempt of a run of GitHub Actions that this happens in; null elsewhere. */
export function runUrlOf(environment: Readonly<Record<string, string | undefined>>): string | null {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = environment;
  const { GITHUB_RUN_ATTEMPT: attempt = '1' } = environment;
  return server && repository && run
    ? `${server}/${repository}/actions/runs/${run}/attempts/${attempt}`
    : null;
}
