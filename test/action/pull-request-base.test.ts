import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { readInputs } from '../../src/commands/action/inputs.ts';
import { pullRequestBase } from '../../src/commands/action/pull-request-base.ts';
import type { ActionEvent } from '../../src/host/github/event.ts';
import { git, remoteRepository } from '../host/remote-repository.ts';

const zero = '0'.repeat(40);

/** A branch that began at `recorded`, a base that moved on to `moved`, and GitHub's merge of both. */
function movedBase() {
  const remote = remoteRepository();
  const clone = remote.clone();
  const commit = (file: string) => {
    writeFileSync(path.join(clone, file), `${file}\n`);
    git(clone, 'add', '.');
    git(clone, 'commit', '--quiet', '-m', file);
    return git(clone, 'rev-parse', 'HEAD');
  };
  const recorded = git(clone, 'rev-parse', 'HEAD');
  git(clone, 'switch', '--quiet', '-c', 'release/topic');
  const head = commit('own.txt');
  git(clone, 'switch', '--quiet', 'main');
  const moved = commit('others.txt');
  git(clone, 'switch', '--quiet', '--detach', 'main');
  git(clone, 'merge', '--quiet', '--no-ff', '-m', 'merge', 'release/topic');
  const merge = git(clone, 'rev-parse', 'HEAD');
  // What comes after the merge is not in it.
  git(clone, 'switch', '--quiet', 'main');
  commit('later.txt');
  git(clone, 'push', '--quiet', 'origin', 'main');
  git(clone, 'switch', '--quiet', '--detach', merge);
  return { remote, clone, recorded, head, moved, merge };
}

function pullRequest(head: string, base: string): ActionEvent {
  return {
    kind: 'pull request',
    number: 1,
    head: { commit: head, repository: 'octo/app' },
    base: { commit: base, branch: 'main' },
    isFork: false,
    isPrivileged: false,
  };
}

it('is what the merge was made with, where the base moved on after the pull request was opened', async () => {
  const { clone, recorded, head, moved } = movedBase();
  expect(await pullRequestBase(pullRequest(head, recorded), clone)).toEqual({ recorded, held: moved });
});

it("is the branch's beginning where the branch itself is checked out", async () => {
  const { clone, recorded, head, moved } = movedBase();
  git(clone, 'switch', '--quiet', 'release/topic');
  expect(await pullRequestBase(pullRequest(head, moved), clone)).toMatchObject({ held: recorded });
});

it('is the merged part of the base where a person merged it into the branch', async () => {
  const { clone, recorded, moved } = movedBase();
  git(clone, 'switch', '--quiet', 'release/topic');
  git(clone, 'merge', '--quiet', '--no-ff', '-m', 'catch up', moved);
  const head = git(clone, 'rev-parse', 'HEAD');
  expect(await pullRequestBase(pullRequest(head, recorded), clone)).toEqual({ recorded, held: moved });
});

it('is the same after the pull request was merged, for a run that is run again', async () => {
  const { clone, recorded, head, moved, merge } = movedBase();
  git(clone, 'push', '--quiet', 'origin', `+${merge}:main`);
  expect(await pullRequestBase(pullRequest(head, recorded), clone)).toEqual({ recorded, held: moved });
  git(clone, 'switch', '--quiet', 'release/topic');
  expect(await pullRequestBase(pullRequest(head, recorded), clone)).toEqual({ recorded, held: recorded });
});

it('is that of the pull request when its check is asked for again', async () => {
  const { clone, recorded, head, moved } = movedBase();
  git(clone, 'switch', '--quiet', 'release/topic');
  const pullRequests = [{ number: 1, base: { commit: moved, branch: 'main' } }];
  const event: ActionEvent = { kind: 'rerequest', commit: head, pullRequests };
  expect(await pullRequestBase(event, clone)).toMatchObject({ held: recorded });
});

it("is the event's where nothing else was fetched, and none without a pull request", async () => {
  const { head, recorded, clone, merge, remote } = movedBase();
  git(clone, 'push', '--quiet', 'origin', `${merge}:refs/heads/merged`);
  const shallow = remote.clone('--depth=1', '--branch=merged');
  expect(await pullRequestBase(pullRequest(head, recorded), shallow)).toEqual({ recorded, held: recorded });
  expect(await pullRequestBase({ kind: 'other' }, clone)).toBeNull();
});

it("stands in for the event's commit where a workflow names that, and for no other", () => {
  const base = { recorded: zero, held: 'a'.repeat(40) };
  const baseOf = (command: string, given: string, more = {}) => {
    const inputs = { command, base: given, ...more };
    for (const [name, value] of Object.entries(inputs)) vi.stubEnv(`INPUT_${name.toUpperCase()}`, value);
    const { args } = readInputs(base, 'results');
    vi.unstubAllEnvs();
    return args.includes('--base') ? args[args.indexOf('--base') + 1] : null;
  };
  expect(baseOf('evaluate', zero)).toBe(base.held);
  expect(baseOf('evaluate', '')).toBe(base.held);
  expect(baseOf('evaluate', 'main')).toBe('main');
  expect(baseOf('evaluate', '', { versions: '1.0.0,1.1.0' })).toBeNull();
  expect(baseOf('optimize', '')).toBeNull();
});
