import { describe, expect, it } from 'vitest';
import type { Fault } from '../../emulator/faults.ts';
import { badWording, prompt, promptFile, repositoryOnGitHub } from './repository-on-github.ts';

/** The client keeps GitHub's distance between writes, and several runs share the processor. */
const timeout = 120_000;
const bad = { [prompt]: promptFile(badWording) };
/** Nothing is measured, and the run ends well. */
const unmeasured = { 'README.md': 'A better shop.\n' };

describe.concurrent('a token without a permission', { timeout }, () => {
  it.for([
    {
      permissions: { contents: 'read', checks: 'read', 'pull-requests': 'write' },
      missing: ['checks: write'],
      comments: 1,
      checks: 0,
    },
    {
      permissions: { contents: 'read', checks: 'write', 'pull-requests': 'read' },
      missing: ['pull-requests: write'],
      comments: 0,
      checks: 1,
    },
    {
      permissions: { contents: 'read', checks: 'write' },
      missing: ['pull-requests: write'],
      comments: 0,
      checks: 1,
    },
    {
      permissions: { contents: 'read' },
      missing: ['checks: write', 'pull-requests: write'],
      comments: 0,
      checks: 0,
    },
  ] as const)(
    '$missing.0 is told of it, and the run keeps its exit code',
    async ({ permissions, missing, comments, checks }, context) => {
      const { pullRequest, evaluate, commentsOf, checksAt } = await repositoryOnGitHub(context);
      const { commit, number } = await pullRequest(bad);
      const result = await evaluate(number, { permissions });
      expect(result).toMatchObject({
        exitCode: 1,
        outputs: { 'exit-code': '1', 'failed-gates': '["colors/default"]' },
      });
      expect(result.summary).toContain('**Gate failed.**');
      const told = result.commands.filter(({ name }) => name === 'warning').map(({ message }) => message);
      for (const name of missing)
        expect(told).toContainEqual(
          expect.stringMatching(`GitHub refused to .*403.*The token needs \`${name}\`: grant it`),
        );
      expect(commentsOf(number)).toHaveLength(comments);
      expect(await checksAt(commit)).toHaveLength(checks);
    },
  );

  it('does not fail a run that ended well', async (context) => {
    const { pullRequest, evaluate } = await repositoryOnGitHub(context);
    const { number } = await pullRequest(unmeasured);
    expect(await evaluate(number, { permissions: { contents: 'read' } })).toMatchObject({ exitCode: 0 });
  });

  it("to read pull requests still lets a fork's results be seen in the summary", async (context) => {
    const { forkPullRequest, checkFork, reportFork } = await repositoryOnGitHub(context);
    const { fork, number } = await forkPullRequest(bad);
    const { artifact } = await checkFork(number);
    const result = await reportFork(fork, artifact, {
      permissions: { actions: 'read', contents: 'read', checks: 'write' },
    });
    expect(result).toMatchObject({ exitCode: 0, summary: expect.stringContaining('**Valid.**') });
    expect(result.commands).toContainEqual(
      expect.objectContaining({ name: 'warning', message: expect.stringContaining('`pull-requests: read`') }),
    );
  });
});

describe.concurrent('while the comment is written', { timeout }, () => {
  it.for<{ what: string; fault: Fault }>([
    { what: 'an error', fault: { kind: 'status', status: 500 } },
    { what: 'a gateway that fails', fault: { kind: 'status', status: 502 } },
    { what: 'a gateway that gives up too early', fault: { kind: 'status', status: 502, effect: true } },
    { what: 'a connection cut before', fault: { kind: 'cut' } },
    { what: 'a connection cut after', fault: { kind: 'cut', effect: true } },
    { what: 'a secondary rate limit', fault: { kind: 'secondary-rate-limit', retryAfter: 1 } },
  ])('$what leaves one comment with the result', async ({ fault }, context) => {
    const { emulator, pullRequest, evaluate, commentsOf } = await repositoryOnGitHub(context);
    const { number } = await pullRequest(unmeasured);
    emulator.inject({ on: 'issues/create-comment', fault });
    expect(await evaluate(number)).toMatchObject({ exitCode: 0 });
    expect(commentsOf(number)).toMatchObject([{ body: expect.stringContaining('**Unchanged.**') }]);
    expect(emulator.operations.get('issues/create-comment')).toBe('effect' in fault ? 1 : 2);
  });
});

describe.concurrent('GitHub', { timeout }, () => {
  it('that fails for long loses no result; a run that ended well is to be run again', async (context) => {
    const { emulator, pullRequest, evaluate, commentsOf, checksAt } = await repositoryOnGitHub(context);
    const { commit, number } = await pullRequest(unmeasured);
    emulator.inject({ on: 'checks/create', fault: { kind: 'status', status: 503 }, times: 99 });
    const result = await evaluate(number);
    expect(result).toMatchObject({ exitCode: 1, outputs: { 'exit-code': '3', measured: '[]' } });
    expect(result.summary).toContain('**Unchanged.**');
    expect(result.commands).toContainEqual(
      expect.objectContaining({
        name: 'warning',
        message: expect.stringContaining('GitHub failed to write a check (503)'),
      }),
    );
    expect(commentsOf(number)).toMatchObject([{ body: expect.stringContaining('**Unchanged.**') }]);
    expect(await checksAt(commit)).toEqual([]);
  });

  it('of a company is asked below its own address alone', async (context) => {
    const { pullRequest, evaluate } = await repositoryOnGitHub(context);
    const { number } = await pullRequest(unmeasured);
    const { sent } = await evaluate(number);
    const roots = sent.map(
      ({ line }) => /^[A-Z]+ (\/api\/v3\/repos\/octo\/app|\/api\/graphql|.*)/.exec(line)?.[1],
    );
    expect(new Set(roots)).toEqual(new Set(['/api/v3/repos/octo/app', '/api/graphql']));
  });
});
