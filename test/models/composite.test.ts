import { describe, expect, it } from 'vitest';
import { openComposite, previewComposite } from '../../src/models/composite/composite.ts';
import { type Composites, compositeConfigSchema } from '../../src/models/composite/composite-config.ts';
import type { CompletionRequest } from '../../src/models/model.ts';
import { addUsage, noUsage, usageOf } from '../../src/models/usage.ts';
import { type Member, member, question } from './composite-members.ts';

function composites(configs: Readonly<Record<string, unknown>>): Composites {
  return Object.fromEntries(
    Object.entries(configs).map(([name, config]) => [name, compositeConfigSchema.parse(config)]),
  );
}

const models = ['a/1', 'a/2'];
const until = { format: 'exact' };

/** Opens composites with these members, as a session does: each once. */
function opener(configs: Composites, members: readonly Member[]) {
  const opened: string[] = [];
  const open = async (reference: string) => {
    opened.push(reference);
    if (reference.startsWith('composite/')) return openComposite(reference, configs, open);
    return members.find(({ id }) => id === reference) ?? expect.fail(`no member ${reference}`);
  };
  return { open, opened };
}

describe('a composite', () => {
  const members = [
    member('a/1', ['pink'], {
      concurrency: 1,
      reusesPrefixes: true,
      usdOf: (input, output) => input + output,
    }),
    member('a/2', ['red'], { concurrency: 16, usdOf: (input) => 10 * input }),
    member('a/judge', ['VERDICT: 1'], { concurrency: 100 }),
  ];

  it.each([
    ['a route: of the first model', { type: 'route', models, until: { agreement: 3 } }, 6],
    ['a fallback: of the first model', { type: 'fallback', models }, 6],
    ['a vote: of all', { type: 'vote', models, samples: 3 }, 3 * (6 + 40)],
    ['the best of several: of all', { type: 'best', models, samples: 2, judge: 'a/judge' }, 2 * (6 + 40)],
  ])('tells the price that is certain, of %s', async (_, config, usd) => {
    const configs = composites({ it: config });
    const model = await opener(configs, members).open('composite/it');
    expect(model.usdOf(4, 2)).toBe(usd);
    expect(model).toMatchObject({ id: 'composite/it', concurrency: 16, reusesPrefixes: true });
    const preview = await previewComposite('composite/it', configs, async (reference) => ({
      stored: () => true,
      usdOf: members.find(({ id }) => id === reference)?.usdOf ?? (() => null),
      meanOutputTokens: reference === 'a/1' ? 10 : 30,
    }));
    expect(preview.usdOf(4, 2)).toBe(usd);
    expect(preview.meanOutputTokens).toBe(usd === 6 ? 10 : 20);
  });

  it('is another model when its members or their settings are', async () => {
    const identity = async (config: unknown, version = 'v1') => {
      const known = [...members.slice(0, 2), member('a/judge', [], { identity: `a/judge ${version}` })];
      return (await opener(composites({ it: config }), known).open('composite/it')).identity;
    };
    const route = { type: 'route', models, until };
    const best = { type: 'best', models, judge: 'a/judge' };
    const all = await Promise.all([
      identity(route),
      identity({ ...route, models: models.toReversed() }),
      identity({ ...route, until: { format: 'readable' } }),
      identity(best),
      identity(best, 'v2'),
    ]);
    expect(new Set(all).size).toBe(all.length);
    expect(await identity(route)).toBe(all[0]);
    expect(all[0]).toContain('a/2 v1');
  });

  it('may have composites as members, and counts what their own members did', async () => {
    const configs = composites({
      outer: { type: 'route', models: ['composite/inner', 'a/3'], until },
      inner: { type: 'vote', models, samples: 2 },
    });
    const known = [member('a/1', ['pink']), member('a/2', ['violet']), member('a/3', ['red'])];
    const model = await opener(configs, known).open('composite/outer');
    const answer = await model.complete(question());
    expect(answer).toMatchObject({ text: 'red', inputTokens: 50, latencyMs: 25 });
    expect(answer.members).toMatchObject({ 'a/1': { calls: 2 }, 'a/2': { calls: 2 }, 'a/3': { calls: 1 } });
    expect(Object.keys(answer.members ?? {})).toHaveLength(3);
  });

  it('that does not exist is answered with the nearest', async () => {
    const configs = composites({ careful: { type: 'fallback', models } });
    await expect(opener(configs, []).open('composite/carefull')).rejects.toMatchObject({
      kind: 'input',
      message: expect.stringContaining('did you mean "composite/careful"?'),
    });
    await expect(opener(configs, []).open('composite/constructor')).rejects.toMatchObject({ kind: 'input' });
  });
});

describe('what is known of a composite before it is asked', () => {
  const stored = (config: unknown, isStored: (reference: string, repeat: number) => boolean | null) =>
    previewComposite('composite/it', composites({ it: config }), async (reference) => ({
      stored: ({ repeat }: CompletionRequest) => isStored(reference, repeat),
      usdOf: () => 1,
      meanOutputTokens: reference === 'a/1' ? 10 : null,
    }));

  it('is whether the answers that every request needs are stored', async () => {
    const route = await stored(
      { type: 'route', models, until: { agreement: 2 } },
      (reference, repeat) => reference === 'a/1' && repeat === 6,
    );
    expect(route.stored(question('?', null, 3))).toBe(true);
    expect(route.stored(question('?', null, 2))).toBe(false);
    const vote = await stored({ type: 'vote', models, samples: 2 }, (_, repeat) => repeat < 3);
    expect([0, 1].map((repeat) => vote.stored(question('?', null, repeat)))).toEqual([true, false]);
    expect(vote.meanOutputTokens).toBeNull();
    const unknown = await stored({ type: 'vote', models, samples: 2 }, (reference) =>
      reference === 'a/2' ? null : false,
    );
    expect(unknown.stored(question())).toBeNull();
  });
});

describe('the usage of several models', () => {
  it('adds up for each of them, beside the sum', () => {
    const one = { ...noUsage, calls: 1, inputTokens: 5, usd: 1 };
    const facts = { inputTokens: 10, outputTokens: 2, usd: 2, latencyMs: 1, attempts: 1, cached: false };
    const first = usageOf({ ...facts, members: { 'a/1': one, 'a/2': { ...one, usd: null } } });
    const second = usageOf({ ...facts, members: { 'a/1': one, 'a/3': one } });
    expect(addUsage(addUsage(noUsage, first), second)).toEqual({
      ...noUsage,
      calls: 2,
      inputTokens: 20,
      outputTokens: 4,
      usd: 4,
      members: {
        'a/1': { ...one, calls: 2, inputTokens: 10, usd: 2 },
        'a/2': { ...one, usd: null },
        'a/3': one,
      },
    });
    expect(addUsage(noUsage, usageOf(facts))).not.toHaveProperty('members');
  });
});
