import { z } from 'zod';
import { inputError } from '../../errors.ts';
import { readJson } from '../../files/read-json.ts';
import { validate } from '../../files/validate.ts';

/** A pull request as a runner's event tells of it. */
type PullRequestEvent = {
  readonly kind: 'pull request';
  readonly number: number;
  readonly head: { readonly commit: string; readonly repository: string | null };
  readonly base: { readonly commit: string; readonly branch: string };
  /** Its commits come from another repository: their author need not have any right here. */
  readonly isFork: boolean;
  /** `pull_request_target`: secrets and a token that writes, beside code that may be anyone's. */
  readonly isPrivileged: boolean;
};

/** What started the job. */
export type ActionEvent =
  | PullRequestEvent
  /** Another workflow has ended; its results are data. */
  | { readonly kind: 'workflow run'; readonly head: { readonly commit: string; readonly repository: string } }
  /** Someone asked for a check again. GitHub names only pull requests of the repository's own branches. */
  | {
      readonly kind: 'rerequest';
      readonly commit: string;
      readonly pullRequests: readonly {
        readonly number: number;
        readonly base: { readonly commit: string; readonly branch: string };
      }[];
    }
  | { readonly kind: 'other' };

const repository = z.object({ full_name: z.string() });
const pullRequest = z.object({
  pull_request: z.object({
    number: z.int(),
    head: z.object({ sha: z.string(), repo: repository.nullable() }),
    base: z.object({ sha: z.string(), ref: z.string() }),
  }),
  repository,
});
const workflowRun = z.object({
  workflow_run: z.object({ head_sha: z.string(), head_repository: repository }),
});
const checked = z.object({
  head_sha: z.string(),
  pull_requests: z.array(z.object({ number: z.int(), base: z.object({ sha: z.string(), ref: z.string() }) })),
});
const checkRun = z.object({ check_run: checked });
const checkSuite = z.object({ check_suite: checked });

/**
 * Reads the event from the files and variables a runner sets.
 * @throws {PromptlineError} where the payload is not that of the event
 */
export function readEvent(environment: Readonly<Record<string, string | undefined>>): ActionEvent {
  const { GITHUB_EVENT_NAME: name = '', GITHUB_EVENT_PATH: file } = environment;
  const payload = <S extends z.ZodType>(schema: S): z.output<S> => parsePayload(schema, name, file);
  switch (name) {
    case 'pull_request':
    case 'pull_request_target': {
      const { pull_request: pull, repository: home } = payload(pullRequest);
      const origin = pull.head.repo?.full_name ?? null;
      return {
        kind: 'pull request',
        number: pull.number,
        head: { commit: pull.head.sha, repository: origin },
        base: { commit: pull.base.sha, branch: pull.base.ref },
        isFork: origin !== home.full_name,
        isPrivileged: name === 'pull_request_target',
      };
    }
    case 'workflow_run': {
      const { head_sha, head_repository } = payload(workflowRun).workflow_run;
      return { kind: 'workflow run', head: { commit: head_sha, repository: head_repository.full_name } };
    }
    case 'check_run':
      return toRerequest(payload(checkRun).check_run);
    case 'check_suite':
      return toRerequest(payload(checkSuite).check_suite);
    default:
      return { kind: 'other' };
  }
}

function toRerequest({ head_sha, pull_requests }: z.output<typeof checked>): ActionEvent {
  const pullRequests = pull_requests.map(({ number, base }) => ({
    number,
    base: { commit: base.sha, branch: base.ref },
  }));
  return { kind: 'rerequest', commit: head_sha, pullRequests };
}

function parsePayload<S extends z.ZodType>(schema: S, event: string, file: string | undefined): z.output<S> {
  if (file === undefined || file === '') {
    throw inputError(
      `the event is "${event}", but GITHUB_EVENT_PATH names no file`,
      'Run it in a job of GitHub Actions, or without GITHUB_EVENT_NAME',
    );
  }
  const place = { file: `payload of the event ${event}` };
  return validate(schema, readJson(file, place.file), { value: () => place, key: () => place });
}
