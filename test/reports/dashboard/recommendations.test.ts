import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandLine } from '../../../src/reports/dashboard/command.ts';
import type { Inventory, InventoryPrompt } from '../../../src/reports/dashboard/dashboard.ts';
import { recommendationsOf } from '../../../src/reports/dashboard/recommendations.ts';
import type { Cause, RolloutState } from '../../../src/rollout/state.ts';
import { byPerson, minute, play } from '../../rollout/fixtures.ts';
import { at, entry, frozen, inventory, prompt, served, sha256, underWay, use } from './inventory-fixture.ts';

const id = 'support/triage';
const day = 24 * 60;

/** What is recommended where only this differs from a prompt of which nothing is due. */
function found(more: Partial<InventoryPrompt>, others: Partial<Inventory> = {}) {
  return recommendationsOf(inventory({ prompts: [prompt(more)], ...others }));
}

function heldFor(cause: Cause, reason: string): RolloutState {
  const state = underWay(id, 0.9);
  const evidence = { sampleRatio: null, metrics: {} };
  const decision = { kind: 'hold' as const, causes: [cause], reasons: [reason], evidence };
  return { ...state, canary: state.canary && { ...state.canary, decision } };
}

function withStates(...states: Inventory['rollouts']['states']): Partial<Inventory> {
  return { rollouts: { ...inventory().rollouts, states } };
}

it('asks for nothing of a prompt that is measured on its data and released', () => {
  expect(found({})).toEqual([]);
});

describe('optimize', () => {
  it('a prompt without an entry', () => {
    expect(found({ entries: [] })).toEqual([
      {
        kind: 'optimize',
        prompt: id,
        finding: 'It was never optimized.',
        evidence: [{ name: 'Test rows today', value: '400' }],
        command: 'promptline optimize support/triage',
      },
    ]);
  });

  it('a prompt whose test data is other than when it was measured', () => {
    const test = { path: 'datasets/support/test.yaml', digest: sha256('new data'), n: 512 };
    expect(found({ test })).toMatchObject([
      {
        kind: 'optimize',
        finding: 'Its test data changed since it was measured.',
        evidence: [
          { name: 'Last measured', value: '1.0.0 on 2026-02-20, 400 rows' },
          { name: 'Test rows today', value: '512' },
        ],
      },
    ]);
  });

  it('a prompt that is another than was measured', () => {
    expect(found({ digest: sha256('reworded') })).toMatchObject([
      { finding: 'It changed since it was measured.' },
    ]);
  });

  it('not a prompt that cannot be: without a weight, or without test data', () => {
    expect(found({ entries: [], hasObjective: false })).toEqual([]);
    expect(found({ entries: [], test: null })).toEqual([]);
  });
});

describe('release', () => {
  const newer = { version: '1.2.0', entries: [entry({ version: '1.2.0', mean: 0.8 })] };

  it('a version above what users get, with its score', () => {
    expect(found(newer)).toEqual([
      {
        kind: 'release',
        prompt: id,
        finding: 'Version 1.2.0 is not released: users get 1.0.0.',
        evidence: [
          { name: 'Objective on 400 rows', value: '80.0 %' },
          { name: '95% interval', value: '76.0 to 84.0 %' },
        ],
        command: 'promptline release support/triage',
      },
    ]);
  });

  it('a first version', () => {
    expect(found({}, withStates())).toMatchObject([
      { kind: 'release', finding: 'Version 1.0.0 was never released.' },
    ]);
  });

  it('not while the version is on its way, or is one that was taken back', () => {
    const next = { version: '1.1.0' };
    const versions = ['1.0.0', '1.1.0'] as const;
    expect(found(next, withStates(underWay(id, 0.9, { versions })))).toEqual([]);
    const reverted = play([byPerson('revert', day)], undefined, underWay(id, 0.9, { versions })).state;
    const [taken] = reverted.quarantine;
    const kinds = (digest: string) =>
      found({ ...next, digest, entries: [entry({ digest })] }, withStates(reverted)).map(({ kind }) => kind);
    expect(kinds(taken?.release.sha256 ?? '')).toEqual([]);
    expect(kinds(sha256('reworded since'))).toEqual(['release']);
  });

  it('not where nobody knows what is served, or the file names no version', () => {
    const unknown = { rollouts: { plan: null, states: [], problem: 'the remote cannot be reached' } };
    expect(found(newer, unknown)).toEqual([]);
    expect(found({ version: '0.0.0' }, withStates())).toEqual([]);
  });
});

describe('rollouts that wait for a person', () => {
  it('one that is frozen for a week', () => {
    expect(found({}, withStates(frozen(id)))).toMatchObject([
      {
        kind: 'rollout',
        finding: 'It has been frozen for 12 days: nothing is started or promoted.',
        evidence: [{ value: '2026-02-20 by ada' }, { value: 'a reason to freeze' }],
        command: "promptline rollout unfreeze support/triage --reason 'it was frozen long enough'",
      },
    ]);
    const lately = play([byPerson('freeze', 2 * day)], undefined, served(id, '1.0.0')).state;
    expect(found({}, withStates(lately))).toEqual([]);
  });

  it('one that is held for doubt for a day, not for an hour', () => {
    const held = withStates(heldFor('telemetry', 'no telemetry for 3 h'));
    expect(found({}, held)).toMatchObject([
      {
        kind: 'rollout',
        evidence: [{ name: 'Why', value: 'no telemetry for 3 h' }],
        command: "promptline rollout revert support/triage --reason 'held at 25 %'",
      },
    ]);
    expect(found({}, { ...held, at: minute(100) })).toEqual([]);
  });

  it('one whose next step has too few users, after a week', () => {
    const slow = withStates(heldFor('users', 'success: 31 of at least 100 users in the canary'));
    expect(found({}, { ...slow, at: minute(9 * day) })).toMatchObject([
      { command: "promptline rollout advance support/triage --reason 'too few users for evidence'" },
    ]);
    expect(found({}, slow)).toEqual([]);
  });

  it('not one that only takes the time its plan gives it', () => {
    const dwelling = withStates(heldFor('dwell', '3 h more at 25 %'));
    expect(found({}, { ...dwelling, at: minute(20 * day) })).toEqual([]);
  });
});

describe('label', () => {
  it('as many rows as it takes to see a gain of 10 points, where the test data is too small', () => {
    const dataset = { path: 'datasets/support/test.yaml', digest: sha256('data'), n: 100 };
    const test = { ...dataset };
    // A standard error of 5 points: 100 x (0.14 / 0.1)^2 rows.
    const [label, ...others] = found({ test, entries: [entry({ dataset, half: 0.098 })] });
    expect(others).toEqual([]);
    expect(label).toMatchObject({
      kind: 'label',
      finding:
        'Its test data is too small: label 97 more rows in datasets/support/test.yaml, and measure it again.',
      command: 'promptline evaluate support/triage',
    });
    expect(label?.evidence.slice(2)).toEqual([
      { name: 'Gain found 4 times in 5, with 100 rows', value: '14.0 points' },
      { name: 'With 197', value: '10.0 points' },
    ]);
  });

  it('what users dislike, once it is proven that many do', () => {
    const production = (users: number, disliked: number) => ({
      production: {
        since: minute(0),
        window: { from: minute(0), to: at },
        unnamed: 0,
        uses: [use({ feedback: { users, disliked } })],
      },
    });
    expect(found({}, production(100, 40))).toMatchObject([
      {
        kind: 'label',
        evidence: [
          { name: 'Users who dislike', value: '40.0 %' },
          { name: '95% interval', value: '30.9 to 49.8 %' },
          { name: 'Of users who said what they think', value: '40 of 100' },
        ],
        command: 'promptline harvest support --since 30d',
      },
    ]);
    expect(found({}, production(5, 2))).toEqual([]);
    expect(found({}, production(100, 22))).toEqual([]);
  });
});

describe('retire', () => {
  const old = {
    entries: [entry({ date: '2025-11-03' })],
  };
  const states = withStates({ ...served(id, '1.0.0'), log: [] });
  const production = (more: Partial<NonNullable<Inventory['production']>> = {}) => ({
    ...states,
    production: {
      since: minute(-29 * day),
      window: { from: minute(-29 * day), to: at },
      unnamed: 0,
      uses: [use({ prompt: 'support/reply' })],
      ...more,
    },
  });

  it('a prompt without a call in a month', () => {
    expect(found(old, production())).toEqual([
      {
        kind: 'retire',
        prompt: id,
        finding: 'Nobody called it in 30 days.',
        evidence: [
          { name: 'Telemetry since', value: '2026-01-31' },
          { name: 'Calls of other prompts', value: '12,480' },
          { name: 'Last change', value: '2025-11-03' },
        ],
        command: 'git rm prompts/support/triage.prompt.yaml',
      },
    ]);
  });

  it('one whose last call is older than that', () => {
    const last = use({ lastCall: minute(-28 * day) });
    const [retire] = found(old, production({ uses: [last, use({ prompt: 'support/reply', calls: 7 })] }));
    expect(retire?.evidence[1]).toEqual({ name: 'Calls of other prompts', value: '7' });
  });

  it.each([
    ['it was called', production({ uses: [use()] })],
    ['telemetry is younger', production({ window: { from: minute(-20 * day), to: at } })],
    ['there is no telemetry', production({ window: null })],
    ['calls do not say whose they are', production({ unnamed: 3 })],
  ])('not where %s', (_, others) => {
    expect(found(old, others)).toEqual([]);
  });

  it('not a prompt that is new itself', () => {
    expect(found({}, production())).toEqual([]);
  });
});

it('puts what is urgent first', () => {
  const prompts = [prompt({ id: 'a/new', entries: [] }), prompt({ id: 'b/released', version: '2.0.0' })];
  const all = recommendationsOf(
    inventory({ prompts, ...withStates(served('a/new', '1.0.0'), frozen('b/released')) }),
  );
  expect(all.map(({ kind, prompt: of }) => [kind, of])).toEqual([
    ['rollout', 'b/released'],
    ['release', 'b/released'],
    ['optimize', 'a/new'],
  ]);
});

it('a command is what a shell reads back word for word', () => {
  const special = fc.string({ unit: fc.constantFrom(...'\'"$`\\ \n;&|*~#-a') });
  const word = fc.oneof(special, fc.string({ unit: 'grapheme' })).filter((text) => !/^$|\0/.test(text));
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), (words) => {
      const read = execFileSync('sh', ['-c', `printf '%s\\0' ${commandLine(words)}`], { encoding: 'utf8' });
      expect(read.split('\0').slice(0, -1)).toEqual(words);
    }),
    { numRuns: 40 },
  );
});
