import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RepositorySettings } from '../../emulator/github.ts';
import type { WorkflowPermissions } from '../../emulator/issued-tokens.ts';
import { optimizeTerse, propose, type Settings } from './optimize-workflow.ts';
import { filesOf, openPlace, type Place, startModel } from './proposing-repository.ts';

const branch = 'promptline/colors/terse';
const noWorkflows = 'for which GitHub starts no workflows';

let files: Record<string, string>;
let results: string;

beforeAll(async () => {
  const model = await startModel();
  afterAll(() => model.close());
  files = filesOf(model.address);
  results = await optimizeTerse(files, afterAll);
});

async function run(place: Place, settings: Omit<Settings, 'event'> = {}) {
  return propose(place, { ...settings, event: await place.events.schedule('23 3 * * *'), results });
}

const grants = { contents: 'write', pull_requests: 'write' } as const;

describe.concurrent('whoever the token belongs to', () => {
  it.for<[string, string, (place: Place) => string | undefined]>([
    ['a job', 'github-actions[bot]', () => undefined],
    [
      'an App',
      'improver[bot]',
      ({ emulator: { tokens }, repository }) => tokens.installation('improver', [repository], grants),
    ],
    [
      'a person, fine-grained',
      'octo',
      ({ emulator: { tokens }, repository }) => tokens.fineGrained('octo', [repository], grants),
    ],
    ['a person, classic', 'octo', ({ emulator: { tokens } }) => tokens.classic('octo')],
  ])('%s opens the pull request', async ([, login, secretOf], { onTestFinished }) => {
    const place = await openPlace(files, onTestFinished, { private: true });
    const secret = secretOf(place);
    const settings = secret === undefined ? {} : { secret };
    expect(await run(place, settings)).toMatchObject({ exitCode: 0 });
    const [pull, ...others] = place.pulls();
    expect(others).toEqual([]);
    expect(pull?.author.login).toBe(login);
    expect(pull?.body?.includes(noWorkflows)).toBe(secret === undefined);
    const opened = place.emulator.events.find(({ action }) => action === 'opened');
    expect(opened).toMatchObject({ event: 'pull_request', startsWorkflows: secret !== undefined });
    const [commit] = await place.ahead(branch);
    expect(commit?.author.name).toBe(login);
    expect(place.repository.verifiedCommits.has(commit?.sha ?? '')).toBe(true);
    const received = await place.emulator.everythingReceived();
    expect(received).not.toMatch(/gh[ps]_|github_pat_/);
  });
});

type Refusal = {
  what: string;
  permissions?: WorkflowPermissions;
  secret?: (place: Place) => string;
  settings?: RepositorySettings;
  says: readonly string[];
};

const refusals: readonly Refusal[] = [
  {
    what: 'contents: write',
    permissions: { contents: 'read', 'pull-requests': 'write' },
    says: [
      'GitHub refused to write a branch (403): Resource not accessible by integration',
      'The token needs `contents: write`',
    ],
  },
  {
    what: 'pull-requests: write',
    permissions: { contents: 'write', 'pull-requests': 'read' },
    says: [
      'GitHub refused to write a pull request (403): Resource not accessible by integration',
      'The token needs `pull-requests: write`',
    ],
  },
  {
    what: 'pull-requests: read of a private repository',
    permissions: { contents: 'write' },
    settings: { private: true },
    says: [
      'GitHub refused to read pull requests (403): Resource not accessible by integration',
      'The token needs `pull-requests: read`',
    ],
  },
  {
    what: 'contents: read of a private repository',
    secret: ({ emulator: { tokens }, repository }) =>
      tokens.installation('improver', [repository], { pull_requests: 'write' }),
    settings: { private: true },
    says: [
      'GitHub refused to read the repository (403): Resource not accessible by integration',
      'The token needs `contents: read`',
    ],
  },
  {
    what: 'the repository itself',
    secret: ({ emulator: { tokens } }) => tokens.installation('improver', [], grants),
    settings: { private: true },
    says: ['GitHub refused to read the repository (404): Not Found'],
  },
  {
    what: 'the scope of a classic token',
    secret: ({ emulator: { tokens } }) => tokens.classic('octo', ['gist']),
    says: ['GitHub refused to write a branch (404): Not Found'],
  },
  {
    what: 'the setting that lets jobs open pull requests',
    settings: { actionsMayOpenPullRequests: false },
    says: [
      "Allow it in the repository's settings (Actions, General, Workflow permissions), or give an App's token as `github-token`",
    ],
  },
  {
    what: 'a token that GitHub knows',
    secret: () => 'ghs_unknown',
    says: [
      'GitHub does not know the token. Give a valid one as the input `github-token`, or as GITHUB_TOKEN',
    ],
  },
];

describe.concurrent('without', () => {
  it.for(refusals)(
    '$what it says what is missing, and goes on when it is there',
    async (refusal, { onTestFinished }) => {
      const { permissions, secret, settings = {}, says } = refusal;
      const place = await openPlace(files, onTestFinished, settings);
      const refused = await run(place, {
        ...(permissions && { permissions }),
        ...(secret && { secret: secret(place) }),
      });
      expect(refused).toMatchObject({ exitCode: 1, outputs: { 'exit-code': '3' } });
      for (const part of says) expect(refused.stdout).toContain(part);
      expect(place.pulls()).toEqual([]);

      place.repository.actionsMayOpenPullRequests = true;
      expect(await run(place)).toMatchObject({ exitCode: 0 });
      expect(place.pulls()).toHaveLength(1);
      expect(await place.branches()).toEqual(['main', branch]);
      expect(await place.ahead(branch)).toHaveLength(1);
    },
  );
});
