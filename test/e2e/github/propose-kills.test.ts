import type { ChildProcess } from 'node:child_process';
import pMap from 'p-map';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReceivedRequest } from '../../emulator/emulator.ts';
import { killAround, type Moment } from '../../emulator/kills.ts';
import { checkoutWith, propose, proposeIn, twoResults } from './optimize-workflow.ts';
import { copyPlace, type Finished, openPlace, type Place } from './proposing-repository.ts';
import { isChange } from './requests.ts';
import { stateOf } from './visible-state.ts';

const cron = '23 3 * * *';
const promptFile = 'prompts/colors/terse.prompt.yaml';
/** Runs at once; most of their time is the distance GitHub wants between writes. */
const together = 8;

let files: Record<string, string>;
let found: string;
let otherSeed: string;

beforeAll(async () => {
  ({ files, found, otherSeed } = await twoResults(afterAll));
});

type Scene = {
  readonly name: string;
  /** What stands when the run under test begins. */
  begin(place: Place): Promise<unknown>;
  results(): string;
  /** Requests that change something. */
  readonly changes: number;
};

const scenes: readonly Scene[] = [
  { name: 'opening', begin: async () => {}, results: () => found, changes: 5 },
  {
    name: 'refreshing',
    async begin(place) {
      await run(place, found);
      await place.commit('main', 'README.md', '# More\n');
    },
    results: () => otherSeed,
    changes: 4,
  },
  {
    name: 'closing',
    async begin(place) {
      await run(place, found);
      await place.commit('main', promptFile, (files[promptFile] ?? '').replace('in one word', 'in a word'));
    },
    results: () => found,
    changes: 2,
  },
];

describe.concurrent('a run that is stopped between two requests, or gets no answer', () => {
  it.for(scenes)(
    'while $name ends like an unbroken one when it is run again',
    async (scene, { onTestFinished }) => {
      const stage = await stageOf(scene, onTestFinished);
      const { sent, state } = await unbroken(stage, onTestFinished);
      expect(sent.filter(isChange)).toHaveLength(scene.changes);
      const moments = momentsOf(scene, sent);
      const seen = await pMap(moments, (moment) => killed(stage, moment, onTestFinished), {
        concurrency: together,
      });
      expect(seen).toEqual(moments.map((moment) => ({ moment, codes: [-1, 0], state })));
      const changes = moments.filter(({ effect }) => !effect);
      const unheard = await pMap(changes, (moment) => unanswered(stage, moment, onTestFinished), {
        concurrency: together,
      });
      expect(unheard).toEqual(changes.map((moment) => ({ moment, code: 0, state })));
    },
  );
});

/** Around each change; while a proposal is opened, after each other request as well, between which nothing moves. */
function momentsOf({ name }: Scene, sent: readonly ReceivedRequest[]): Moment[] {
  return sent.flatMap((each, skip) => {
    const after = { skip, effect: true };
    if (isChange(each)) return [{ skip, effect: false }, after];
    return name === 'opening' ? [after] : [];
  });
}

/** A place where a scene begins, and a checkout of it with the results. */
type Stage = { readonly place: Place; readonly workspace: string };

async function stageOf(scene: Scene, finished: Finished): Promise<Stage> {
  const place = await openPlace(files, finished);
  await scene.begin(place);
  return { place, workspace: checkoutWith(place, scene.results(), finished) };
}

async function unbroken(stage: Stage, finished: Finished) {
  const place = await copyPlace(stage.place, finished);
  const { exitCode, sent } = await runIn(place, stage);
  expect(exitCode).toBe(0);
  return { sent, state: await stateOf(place) };
}

async function killed(stage: Stage, moment: Moment, finished: Finished) {
  const place = await copyPlace(stage.place, finished);
  const first = await runIn(place, stage, (child) => killAround(place.emulator, child, moment));
  const second = await runIn(place, stage);
  return { moment, codes: [first.exitCode, second.exitCode], state: await stateOf(place) };
}

/** What was asked happens, and its answer is lost. */
async function unanswered(stage: Stage, moment: Moment, finished: Finished) {
  const place = await copyPlace(stage.place, finished);
  const { exitCode } = await runIn(place, stage, () =>
    place.emulator.inject({ on: /./, skip: moment.skip, fault: { kind: 'cut', effect: true } }),
  );
  return { moment, code: exitCode, state: await stateOf(place) };
}

async function runIn(place: Place, { workspace }: Stage, started: (child: ChildProcess) => void = () => {}) {
  return proposeIn(place, { event: await place.events.schedule(cron), workspace, started });
}

async function run(place: Place, results: string) {
  const result = await propose(place, { event: await place.events.schedule(cron), results });
  expect(result).toMatchObject({ exitCode: 0 });
  return result;
}
