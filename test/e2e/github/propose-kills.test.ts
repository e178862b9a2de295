import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReceivedRequest } from '../../emulator/emulator.ts';
import { optimizeTerse, propose } from './optimize-workflow.ts';
import { type Finished, filesOf, openPlace, type Place, startModel } from './proposing-repository.ts';

const branch = 'promptline/colors/terse';
const promptFile = 'prompts/colors/terse.prompt.yaml';
/** Runs at once; most of their time is the distance GitHub wants between writes. */
const together = 8;

let files: Record<string, string>;
let found: string;
let otherSeed: string;

beforeAll(async () => {
  const model = await startModel();
  afterAll(() => model.close());
  files = filesOf(model.address);
  [found, otherSeed] = await Promise.all([
    optimizeTerse(files, afterAll),
    optimizeTerse(files, afterAll, { seed: '2' }),
  ]);
}, 60_000);

/** What stands when the run under test begins, and its results. */
const scenes: Readonly<Record<string, { begin(place: Place): Promise<void>; results: () => string }>> = {
  opening: { begin: async () => {}, results: () => found },
  refreshing: {
    async begin(place) {
      await run(place, found);
      await place.commit('main', 'README.md', '# More\n');
    },
    results: () => otherSeed,
  },
  closing: {
    async begin(place) {
      await run(place, found);
      await place.commit('main', promptFile, (files[promptFile] ?? '').replace('in one word', 'in a word'));
    },
    results: () => found,
  },
};

/** A moment between two requests. */
type Moment = { readonly request: number; readonly effect: boolean };

describe.concurrent('a run that is killed', { timeout: 300_000 }, () => {
  it.for(Object.keys(scenes))(
    'while %s ends like an unbroken one when it is run again',
    async (name, { onTestFinished }) => {
      const { sent, state } = await unbroken(name, onTestFinished);
      const moments = momentsOf(sent);
      expect(moments.length).toBeGreaterThan(sent.length);
      const seen = await inTurns(moments, (moment) => killed(name, moment, onTestFinished));
      expect(seen).toEqual(moments.map((moment) => ({ moment, state })));
    },
  );
});

/** Of a request that changes nothing, before and after are the same. */
function momentsOf(sent: readonly ReceivedRequest[]): Moment[] {
  return sent.flatMap(({ line }, request) => {
    const after = { request, effect: true };
    return line.startsWith('GET ') ? [after] : [{ request, effect: false }, after];
  });
}

async function unbroken(name: string, finished: Finished) {
  const place = await begun(name, finished);
  const { sent } = await run(place, scenes[name]?.results() ?? '');
  return { sent, state: await stateOf(place) };
}

async function killed(name: string, moment: Moment, finished: Finished) {
  const place = await begun(name, finished);
  const results = scenes[name]?.results() ?? '';
  const event = await place.events.schedule('23 3 * * *');
  const ended = await propose(place, { event, results, started: (child) => killAt(place, child, moment) });
  expect(ended.exitCode).toBe(-1);
  await run(place, results);
  return { moment, state: await stateOf(place) };
}

async function begun(name: string, finished: Finished): Promise<Place> {
  const place = await openPlace(files, finished);
  await scenes[name]?.begin(place);
  return place;
}

async function run(place: Place, results: string) {
  const result = await propose(place, { event: await place.events.schedule('23 3 * * *'), results });
  expect(result).toMatchObject({ exitCode: 0 });
  return result;
}

function killAt({ emulator }: Place, child: ChildProcess, { request, effect }: Moment): void {
  const meanwhile = async () => {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  emulator.inject({ on: /./, skip: request, fault: { kind: 'cut', effect, meanwhile } });
}

/** All that people see; names of commits and times differ from run to run. */
async function stateOf({ repository, pulls, ahead, branches }: Place) {
  const { git } = repository;
  const names = await branches();
  return {
    branches: await Promise.all(
      names.map(async (name) => ({
        name,
        tree: await git.tree(`refs/heads/${name}`, '-r'),
        commits: (await ahead(name)).map(({ sha, message, tree }) => ({
          message,
          tree,
          isVerified: repository.verifiedCommits.has(sha),
        })),
      })),
    ),
    isOnBase:
      (await git.mergeBase('refs/heads/main', `refs/heads/${branch}`)) === (await git.resolve('main')),
    pulls: pulls().map(({ number, title, body, state, labels, author, pull }) => ({
      ...{ number, title, body, state, author: author.login, labels: labels.map((label) => label.name) },
      ...{ base: pull.base, head: pull.head.branch },
    })),
    comments: [...repository.comments.values()].map(({ issue, body, author }) => [issue, body, author.login]),
    labels: [...repository.labels.keys()],
  };
}

async function inTurns<T, U>(items: readonly T[], work: (item: T) => Promise<U>): Promise<U[]> {
  const done: U[] = [];
  const queue = [...items.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) done[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: together }, worker));
  return done;
}
