import type { ChildProcess } from 'node:child_process';
import pMap from 'p-map';
import { expect, it, type TestContext } from 'vitest';
import { killAround, type Moment } from '../../emulator/kills.ts';
import { badWording, prompt, promptFile, repositoryOnGitHub } from './repository-on-github.ts';
import { isChange } from './requests.ts';

/** Runs at once; most of their time is the distance GitHub wants between writes. */
const together = 6;

type Context = Pick<TestContext, 'onTestFinished'>;

/** A pull request that breaks a prompt; its run is killed at a moment and run again. Gives what people see in the end. */
async function shownAfter(context: Context, moment: Moment | null) {
  const on = await repositoryOnGitHub(context);
  const { commit, number } = await on.pullRequest({ [prompt]: promptFile(badWording) });
  const codes: (number | null)[] = [];
  if (moment) {
    const started = (child: ChildProcess) => killAround(on.emulator, child, moment);
    codes.push((await on.evaluate(number, { started })).exitCode);
  }
  const { exitCode, sent } = await on.evaluate(number);
  codes.push(exitCode);
  const [check, ...others] = await on.checksAt(commit);
  const comments = on.commentsOf(number).map(({ body }) => body);
  const { name, status, conclusion, output, annotations } = check ?? expect.fail('no check');
  const shown = { comments, name, status, conclusion, title: output.title, annotations, others };
  return { codes, isChange: sent.map(isChange), shown: JSON.parse(withoutTimes(JSON.stringify(shown))) };
}

/** Ports, commits and times are others in each run. */
function withoutTimes(text: string): string {
  return text
    .replaceAll(/127\.0\.0\.1:\d+/g, 'HOST')
    .replaceAll(/[0-9a-f]{10,64}/g, 'X')
    .replaceAll(/\d+(\.\d+)? m?s\b/g, 'T');
}

it('a run that is killed around any of its requests shows the same as an unbroken one when it is run again', async (context) => {
  const unbroken = await shownAfter(context, null);
  expect(unbroken.codes).toEqual([1]);
  expect(unbroken.shown).toMatchObject({ conclusion: 'failure', others: [], comments: [expect.any(String)] });
  expect(unbroken.isChange.length).toBeGreaterThan(5);
  // After one that only reads is before the next one.
  const moments = unbroken.isChange.flatMap((changes, skip) => [
    { skip, effect: false },
    ...(changes ? [{ skip, effect: true }] : []),
  ]);
  const seen = await pMap(moments, (moment) => shownAfter(context, moment), { concurrency: together });
  expect(seen.map(({ codes, shown }) => ({ codes, shown }))).toEqual(
    moments.map(() => ({ codes: [-1, 1], shown: unbroken.shown })),
  );
});
