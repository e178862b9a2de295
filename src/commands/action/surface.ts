import type { ActionEvent } from '../../host/github/event.ts';
import type { RepositoryHost } from '../../host/repository-host.ts';
import { terminalText } from '../../reports/hostile.ts';
import type { Surface } from '../publication/publication.ts';
import { runUrlOf } from '../run-url.ts';
import type { ActionInputs } from './inputs.ts';

/** Commands whose result belongs on a pull request. */
const shown: ReadonlySet<string> = new Set(['check', 'evaluate', 'merge', 'report']);

type Runner = {
  readonly host: RepositoryHost;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly note: (line: string) => void;
};

/**
 * Where the run is to be shown; null where it belongs to no pull request, measures a part only, or runs for a fork, whose job may not
 * write: its results are shown by a job that takes them as data.
 */
export async function surfaceOf(
  event: ActionEvent,
  { command, root, isPart }: ActionInputs,
  { host, environment, note }: Runner,
): Promise<Surface | null> {
  if (!shown.has(command) || isPart) return null;
  const target = await targetOf(event, host);
  if (!target) return null;
  const place = root === '.' ? '' : ` (${terminalText(root, 80)})`;
  const title = command === 'check' ? 'promptline check' : 'promptline';
  return {
    ...target,
    host,
    note,
    name: `${title}${place}`,
    marker: `<!-- ${title}${place.replace(/-->|--/g, '')} -->`,
    runUrl: runUrlOf(environment),
  };
}

async function targetOf(
  event: ActionEvent,
  host: RepositoryHost,
): Promise<Pick<Surface, 'commit' | 'pullRequests'> | null> {
  switch (event.kind) {
    case 'pull request':
      return event.isFork ? null : { commit: event.head.commit, pullRequests: [event.number] };
    case 'workflow run': {
      const { commit, repository } = event.head;
      const found = await host.pullRequestsAt(commit);
      const own = found.filter(({ head }) => head.repository === repository);
      return own.length === 0 ? null : { commit, pullRequests: own.map(({ number }) => number) };
    }
    case 'rerequest': {
      const found = await host.pullRequestsAt(event.commit);
      return { commit: event.commit, pullRequests: found.map(({ number }) => number) };
    }
    default:
      return null;
  }
}
