import { describe, expect, it } from 'vitest';
import { commitMark, decide, type Standing } from '../../../src/commands/propose/decide.ts';
import type { PullRequest } from '../../../src/host/repository-host.ts';
import { withdrawnBody } from '../../../src/reports/pull-request.ts';

const mark = { inputs: 'a'.repeat(64), content: 'b'.repeat(64) };
const base = { name: 'main', commit: '1'.repeat(40) };
const nothing: Standing = { base, branch: null, pullRequests: [], isMeasured: true, isMerged: false };
const mine = { id: '2'.repeat(40), author: 'bot', message: `Improve it\n\n${commitMark}${mark.content}` };
const written = {
  name: 'promptline/a/b',
  commit: mine.id,
  mergeBase: base.commit,
  commits: [mine],
  content: mark.content,
};

function pullRequest(state: PullRequest['state'], inputs = mark.inputs): PullRequest {
  return {
    number: 7,
    url: 'https://github.test/pull/7',
    state,
    author: 'bot',
    title: 'Improve it',
    body: `<!-- promptline proposal inputs=${inputs} content=${mark.content} -->\nText`,
    labels: [],
    head: { branch: 'promptline/a/b', commit: mine.id, repository: 'o/r' },
    base: { branch: 'main', commit: base.commit },
  };
}

describe('a proposal', () => {
  it('is written and opened where nothing stands', () => {
    expect(decide(nothing, mark, '')).toEqual({ do: 'propose', write: true, open: null });
  });

  it('goes on after a kill between the branch and the pull request', () => {
    const standing = { ...nothing, branch: written };
    expect(decide(standing, mark, '')).toEqual({ do: 'propose', write: false, open: null });
  });

  it('that stands is shown again without a new commit', () => {
    const open = pullRequest('open');
    const standing = { ...nothing, branch: written, pullRequests: [open] };
    expect(decide(standing, mark, '')).toEqual({ do: 'propose', write: false, open });
  });

  it.each([
    ['with other content', { ...mark, content: 'c'.repeat(64) }, written],
    ['when the base moved on', mark, { ...written, mergeBase: '0'.repeat(40) }],
    ['when its branch holds an older one of ours as well', mark, { ...written, commits: [mine, mine] }],
  ])('is written anew %s', (_, wanted, branch) => {
    const open = pullRequest('open');
    const step = decide({ ...nothing, branch, pullRequests: [open] }, wanted, '');
    expect(step).toEqual({ do: 'propose', write: true, open });
  });

  it("never overwrites a person's commit, and says whose it leaves alone", () => {
    const theirs = { id: '9'.repeat(40), author: 'ada', message: 'Mend a word' };
    for (const wanted of [mark, null]) {
      const open = pullRequest('open');
      const branch = { ...written, commits: [mine, theirs] };
      const step = decide({ ...nothing, branch, pullRequests: [open], isMeasured: false }, wanted, '');
      expect(step).toMatchObject({ do: 'leave', open, why: expect.stringContaining('9999999999') });
    }
  });

  it('keeps what a person amended in a commit of ours', () => {
    for (const content of ['c'.repeat(64), null]) {
      const branch = { ...written, content };
      const step = decide({ ...nothing, branch, pullRequests: [pullRequest('open')] }, mark, '');
      expect(step).toMatchObject({ do: 'leave', why: expect.stringContaining('2222222222') });
    }
  });

  it("takes over a branch that was merged with a person's commits and left behind", () => {
    const theirs = { id: '9'.repeat(40), author: 'ada', message: 'Mend a word' };
    const branch = { ...written, commit: theirs.id, commits: [mine, theirs], content: null };
    const merged = { ...pullRequest('merged'), head: { branch: 'b', commit: theirs.id, repository: 'o/r' } };
    const step = decide({ ...nothing, branch, pullRequests: [merged] }, mark, '');
    expect(step).toEqual({ do: 'propose', write: true, open: null });
    const later = { ...branch, commit: '8'.repeat(40) };
    expect(decide({ ...nothing, branch: later, pullRequests: [merged] }, mark, '')).toMatchObject({
      do: 'leave',
    });
  });

  it('that promptline closed itself may be made again from the same', () => {
    const closed = pullRequest('closed');
    const body = withdrawnBody(closed.body);
    expect(body).toMatch(/Text$/);
    const standing = { ...nothing, branch: written, pullRequests: [{ ...closed, body }] };
    expect(decide(standing, mark, '')).toEqual({ do: 'propose', write: false, open: null });
  });

  it('that was closed is not made again until what it was made from has changed', () => {
    const standing = { ...nothing, branch: written, pullRequests: [pullRequest('closed')] };
    expect(decide(standing, mark, '')).toMatchObject({
      do: 'leave',
      why: expect.stringContaining('/pull/7'),
    });
    const other = { ...mark, inputs: 'd'.repeat(64) };
    expect(decide(standing, other, '')).toMatchObject({ do: 'propose' });
  });

  it('that was merged is no reason against the next one', () => {
    const standing = { ...nothing, pullRequests: [pullRequest('merged')] };
    expect(decide(standing, mark, '')).toMatchObject({ do: 'propose' });
  });

  it.each([
    ['the prompt changed since', { isMeasured: false }, mark],
    ['the base has it', { isMerged: true }, mark],
    ['nothing better was found', {}, null],
  ])('that is open is closed with the reason when %s', (_, change, wanted) => {
    const open = pullRequest('open');
    const standing = { ...nothing, branch: written, pullRequests: [open], ...change };
    expect(decide(standing, wanted, 'No improvement')).toMatchObject({ do: 'close', open });
    expect(decide({ ...standing, pullRequests: [] }, wanted, 'No improvement')).toMatchObject({
      do: 'leave',
      open: null,
    });
  });

  it('closes no pull request that it did not write', () => {
    const open = { ...pullRequest('open'), body: 'By hand' };
    const standing = { ...nothing, branch: written, pullRequests: [open] };
    expect(decide(standing, null, 'No improvement')).toMatchObject({ do: 'leave' });
    expect(decide({ ...standing, isMerged: true }, mark, '')).toMatchObject({ do: 'leave' });
    expect(decide({ ...standing, isMeasured: false }, mark, '')).toMatchObject({ do: 'leave' });
  });
});
