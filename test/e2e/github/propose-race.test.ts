import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMark } from '../../../src/reports/pull-request.ts';
import { createRandom } from '../../../src/statistics/random.ts';
import { checkoutWith, propose, proposeIn, twoResults } from './optimize-workflow.ts';
import { copyPlace, type Finished, openPlace, type Place } from './proposing-repository.ts';
import { stateOf } from './visible-state.ts';

const cron = '23 3 * * *';
const branch = 'promptline/colors/terse';
const seeds = ['ada', 'bob', 'cleo'];

let files: Record<string, string>;
let found: string;
let otherSeed: string;

beforeAll(async () => {
  ({ files, found, otherSeed } = await twoResults(afterAll));
});

/** A place where nothing was proposed yet, or where `found` is and its base moved on. */
async function begun(isOpen: boolean, finished: Finished): Promise<Place> {
  const place = await openPlace(files, finished);
  if (!isOpen) return place;
  await propose(place, { event: await place.events.schedule(cron), results: found });
  await place.commit('main', 'README.md', '# More\n');
  return place;
}

/** Two runs at once; each request is delayed by chance. */
async function race(place: Place, workspaces: readonly string[], seed: string) {
  const random = createRandom(seed);
  for (let request = 0; request < 60; request++) {
    const milliseconds = random.next() < 0.5 ? 0 : Math.floor(random.next() * 400);
    place.emulator.inject({ on: /./, fault: { kind: 'slow', milliseconds } });
  }
  const event = await place.events.schedule(cron);
  const results = await Promise.all(workspaces.map((workspace) => proposeIn(place, { event, workspace })));
  return results.map(({ exitCode, outputs, stdout }) => ({
    exitCode,
    said: exitCode === 0 ? '' : stdout,
    outcome: JSON.parse(outputs['proposals'] ?? '[{}]')[0].outcome,
  }));
}

describe.concurrent('two runs at once', () => {
  it.for([
    ['open', false],
    ['refresh', true],
  ] as const)(
    '%s one pull request with one commit for the same result',
    async ([, isOpen], { onTestFinished }) => {
      const start = await begun(isOpen, onTestFinished);
      const workspace = checkoutWith(start, otherSeed, onTestFinished);
      const alone = await copyPlace(start, onTestFinished);
      await proposeIn(alone, { event: await alone.events.schedule(cron), workspace });
      const state = await stateOf(alone);
      const seen = await Promise.all(
        seeds.map(async (seed) => {
          const place = await copyPlace(start, onTestFinished);
          const ended = await race(place, [workspace, workspace], seed);
          return { ended, state: await stateOf(place) };
        }),
      );
      for (const { ended } of seen) {
        expect(ended.map(({ exitCode, said }) => [exitCode, said])).toEqual([
          [0, ''],
          [0, ''],
        ]);
        expect(ended.some(({ outcome }) => outcome !== 'left')).toBe(true);
      }
      expect(seen.map((each) => each.state)).toEqual(seeds.map(() => state));
    },
  );

  it('with different results leave one pull request, which the next run brings to its own', async ({
    onTestFinished,
  }) => {
    const start = await begun(false, onTestFinished);
    const workspaces = [found, otherSeed].map((results) => checkoutWith(start, results, onTestFinished));
    for (const { place, ended } of await Promise.all(
      seeds.map(async (seed) => {
        const place = await copyPlace(start, onTestFinished);
        return { place, ended: await race(place, workspaces, seed) };
      }),
    )) {
      expect(ended.map(({ exitCode, said }) => [exitCode, said])).toEqual([
        [0, ''],
        [0, ''],
      ]);
      await expectOne(place);
      const { exitCode } = await propose(place, { event: await place.events.schedule(cron), results: found });
      expect(exitCode).toBe(0);
      const [commit, pull] = await expectOne(place);
      expect(commit?.message).toContain(`Promptline-Proposal: ${readMark(pull?.body ?? '')?.content}`);
    }
  });
});

async function expectOne(place: Place) {
  const commits = await place.ahead(branch);
  expect([place.pulls().length, commits.length]).toEqual([1, 1]);
  expect(await place.branches()).toEqual(['main', branch]);
  return [commits[0], place.pulls()[0]] as const;
}
