import { beforeAll, describe, expect, it } from 'vitest';
import type { Prompt } from '../../src/prompts/prompt.ts';
import { openRedaction, type Redact } from '../../src/redaction/redactor.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { collectCandidates } from '../../src/telemetry/harvest/candidates.ts';
import { knownFields } from '../../src/telemetry/harvest/fit.ts';
import { type Selection, selectRows } from '../../src/telemetry/harvest/select.ts';
import { type Trace, traceOf } from '../../src/telemetry/harvest/trace.ts';
import { rankVersions } from '../../src/telemetry/harvest/versions.ts';
import type { WholeCall } from '../../src/telemetry/join/whole-calls.ts';

let redact: Redact;
beforeAll(async () => {
  redact = await openRedaction([]);
});

const prompt: Prompt = {
  id: 'mail/topic',
  family: 'mail',
  version: '1.0.0',
  description: undefined,
  model: 'local/model',
  parameters: {},
  messages: [{ role: 'user', content: 'Topic of: {{text}}' }],
  output: { format: 'label', field: 'topic', labels: ['billing', 'delivery', 'account'] },
  alternatives: [],
  path: 'prompts/mail/topic.prompt.yaml',
};

const row = (id: string, text: string, topic = 'billing') => ({
  id,
  input: { text },
  expected: { topic },
  tags: [],
  cluster: id,
});

const train = [
  row('t1', 'Why was I charged twice for the blue lamp?'),
  row('t2', 'The parcel with the kettle has not arrived yet', 'delivery'),
  ...Array.from({ length: 10 }, (_, index) => row(`b${index}`, `Invoice question ${index} about taxes`)),
];

const trace = (text: string, more: Partial<Trace> = {}): Trace => ({
  prompt: prompt.id,
  at: Date.UTC(2026, 9, 31, 23, 59),
  input: { text },
  answer: 'billing',
  failed: false,
  feedback: null,
  verdict: null,
  ...more,
});

function select(traces: readonly Trace[], more: Partial<Selection> = {}) {
  const candidates = collectCandidates();
  for (const each of traces) candidates.add(each);
  const prompts = more.prompts ?? [prompt];
  return selectRows(candidates.list(), {
    prompts,
    redact,
    existing: train,
    train,
    fields: knownFields(prompts, train),
    declined: new Set(),
    limit: 100,
    ...more,
  });
}

const tagsOf = ({ rows }: ReturnType<typeof selectRows>) => rows.map(({ tags }) => tags);

describe('a row from production', () => {
  it.each<[string, Trace, string[] | null]>([
    [
      'a call failed',
      trace('Why was I charged for a green lamp?', { failed: true, answer: null }),
      ['failure'],
    ],
    [
      'the answer broke the format',
      trace('Why was I charged for a green lamp?', { answer: 'No idea.' }),
      ['failure'],
    ],
    ['a user disliked it', trace('Why was I charged for a green lamp?', { feedback: 0 }), ['low-feedback']],
    ['nothing speaks of it', trace('My keyboard lost two letters'), ['new-cluster']],
    ['it is liked', trace('Why was I charged for a green lamp?', { feedback: 1 }), ['label:feedback']],
    ['the judge approved', trace('Why was I charged for a green lamp?', { verdict: 0.8 }), ['label:judge']],
    [
      'it is liked, whatever the judge said',
      trace('Why was I charged for a green lamp?', { feedback: 1, verdict: 0.8 }),
      ['label:feedback'],
    ],
    [
      'it is liked and its label is rare',
      trace('Why was I charged for a green lamp?', { feedback: 1, answer: 'account' }),
      ['rare-label', 'label:feedback'],
    ],
    ['it is as usual', trace('Why was I charged for a green lamp?'), null],
  ])('is proposed where %s', (_, each, tags) => {
    expect(tagsOf(select([each]))).toEqual(tags === null ? [] : [['harvested', 'asked:2026-10', ...tags]]);
  });

  it('is named after the month in which it was asked last', () => {
    const asked = (day: string) => trace('My keyboard lost two letters', { at: Date.parse(day) });
    const days = ['2026-11-02', '2026-12-31T23:59:59Z', '2026-10-01'];
    expect(tagsOf(select(days.map(asked)))).toEqual([['harvested', 'asked:2026-12', 'new-cluster']]);
  });

  it('has the liked answer as its reference, and none that somebody disliked or that broke the format', () => {
    const text = 'Charged for a lamp again, why?';
    const reference = (...traces: Trace[]) => select(traces).rows.map(({ expected }) => expected ?? null);
    expect(reference(trace(text, { feedback: 1 }))).toEqual([{ topic: 'billing' }]);
    expect(reference(trace(text, { feedback: 1 }), trace(text, { feedback: 0 }))).toEqual([null]);
    expect(reference(trace(text, { verdict: 1 }), trace(text, { feedback: 0 }))).toEqual([null]);
    expect(
      reference(trace(text, { feedback: 1, answer: 'It is billing.' }), trace(text, { feedback: 0 })),
    ).toEqual([null]);
  });

  it('has none where another prompt of its family would need more', () => {
    const other: Prompt = {
      ...prompt,
      id: 'mail/tone',
      output: { format: 'label', field: 'tone', labels: ['kind', 'rude'] },
    };
    const { rows } = select([trace('Charged for a lamp again, why?', { feedback: 1 })], {
      prompts: [prompt, other],
    });
    expect(rows).toEqual([]);
    const disliked = select([trace('Charged for a lamp again, why?', { feedback: 0 })], {
      prompts: [prompt, other],
    });
    expect(disliked.rows.map(({ expected }) => expected)).toEqual([undefined]);
  });

  it('holds no personal data, no field that the family does not know, and a name made of what is left', () => {
    const input = { text: 'Priya Raman (priya@example.org) lost her kettle', session: 'bo@example.org' };
    const [harvested, ...others] = select([trace('', { input })]).rows;
    expect(others).toEqual([]);
    expect(harvested?.input).toEqual({ text: '<PERSON_1> (<EMAIL_1>) lost her kettle' });
    const same = select([
      trace('', { input: { text: 'Anna Weber (anna@example.org) lost her kettle' } }),
    ]).rows;
    expect(same.map(({ id }) => id)).toEqual([harvested?.id]);
  });

  it('is left out where a row or another candidate says almost the same, or it cannot be asked, or was decided on', () => {
    const strange = 'My keyboard lost two letters of the upper row';
    const harvest = select([
      trace('Why was I charged twice for the blue lamp', { failed: true }),
      trace(strange),
      trace(`${strange} now`),
      trace('', { input: { question: 'no text' } }),
    ]);
    expect(harvest.rows).toHaveLength(1);
    expect(harvest.left).toMatchObject({ nearCopies: 2, unfit: 1, declined: 0 });
    const again = select([trace(strange)], { declined: new Set(harvest.rows.map(({ id }) => id)) });
    expect(again).toMatchObject({ rows: [], left: { declined: 1 } });
  });

  it('shares the room with those of other reasons, and is the same in whatever order calls came', () => {
    const things = 'keyboard curtain bicycle violin aquarium ladder compass hammock trumpet telescope'.split(
      ' ',
    );
    const traces = things.flatMap((thing, index) => [
      trace(`A ${thing} makes strange noises since ${index} days`),
      trace(`Charged for one more ${thing}, why?`, { feedback: 0 }),
    ]);
    const one = select(traces, { limit: 6 });
    expect(one.chosen).toMatchObject({ 'low-feedback': 3, 'new-cluster': 3 });
    expect(one.left.beyondLimit).toBe(14);
    expect(select(createRandom(1).shuffle(traces), { limit: 6 })).toEqual(one);
  });

  it('is proposed once: with it in the datasets there is nothing new', () => {
    const traces = ['A trumpet squeaks', 'The aquarium leaks on my carpet', 'Two ladders, one broken'].map(
      (text) => trace(text),
    );
    const { rows } = select(traces);
    expect(rows).toHaveLength(3);
    expect(select(traces, { existing: [...train, ...rows] }).rows).toEqual([]);
  });
});

describe('inputs of a busy production', () => {
  const days = 7;
  const traces = Array.from({ length: 14_000 }, (_, index) =>
    trace(`What became of order ${index}?`, { at: (index * days * 86_400_000) / 14_000 }),
  );
  const collected = (each: readonly Trace[]) => {
    const candidates = collectCandidates();
    for (const one of each) candidates.add(one);
    return candidates;
  };

  it('are kept up to a number, of every day alike, and all calls are accounted for', () => {
    const candidates = collected([...traces, ...traces]);
    const kept = candidates.list();
    expect(kept).toHaveLength(5000);
    expect(new Set(kept.map(({ calls }) => calls))).toEqual(new Set([2]));
    expect(candidates.passedOver()).toBe(2 * 9000);
    const ofDay = Map.groupBy(kept, ({ lastAt }) => Math.floor(lastAt / 86_400_000));
    for (let day = 0; day < days; day++) expect(ofDay.get(day)?.length).toBeGreaterThan(600);
  });

  it('are the same ones in whatever order calls came', () => {
    const textsOf = (each: readonly Trace[]) =>
      new Set(
        collected(each)
          .list()
          .map(({ input }) => input['text']),
      );
    expect(textsOf(createRandom(1).shuffle(traces))).toEqual(textsOf(traces));
  });
});

const call = (
  version: string,
  user: string | null,
  more: { failed?: boolean; feedback?: number } = {},
): WholeCall => ({
  call: {
    kind: 'call',
    usd: null,
    traceId: null,
    spanId: null,
    at: 0,
    milliseconds: 1,
    failed: more.failed ?? false,
    responseId: null,
    prompt: prompt.id,
    version,
    details: {
      provider: null,
      model: null,
      responseModel: null,
      inputTokens: null,
      outputTokens: null,
      variables: '{"text": "x"',
      answer: null,
    },
  },
  user,
  variant: null,
  scores: new Map(more.feedback === undefined ? [] : [['user_feedback', more.feedback]]),
});

it('a call whose texts were cut is no data', () => {
  expect(traceOf(call('1.0.0', null), undefined)).toBeNull();
});

describe('the best version of a period', () => {
  const many = (version: string, users: number, liked: number) =>
    Array.from({ length: users }, (_, index) =>
      call(version, `${version} ${index}`, { feedback: index < liked ? 1 : 0 }),
    );

  function ranking(calls: readonly WholeCall[]) {
    const ranked = rankVersions();
    for (const each of calls) ranked.add(each);
    return ranked.list().find(({ metric }) => metric === 'user_feedback');
  }

  it('is named where its interval lies above all others, and nobody where they overlap', () => {
    expect(ranking([...many('1.0.0', 100, 50), ...many('1.1.0', 100, 80)])).toMatchObject({ best: '1.1.0' });
    expect(ranking([...many('1.0.0', 100, 50), ...many('1.1.0', 100, 58)])).toMatchObject({ best: null });
    expect(ranking(many('1.1.0', 100, 80))).toMatchObject({ best: null });
  });

  it('counts a user once, however often they call', () => {
    const often = Array.from({ length: 500 }, () => call('1.0.0', 'ada', { feedback: 1 }));
    expect(ranking([...often, call('1.0.0', 'bo', { feedback: 0 })])?.versions).toMatchObject([
      { users: 2, mean: 0.5 },
    ]);
  });

  it('counts each call of nobody known by itself, beside users', () => {
    const liked = Array.from({ length: 3 }, () => call('1.0.0', null, { feedback: 1 }));
    const both = [call('1.0.0', 'ada', { feedback: 1 }), call('1.0.0', 'ada', { feedback: 0 })];
    expect(ranking([...liked, ...both])?.versions).toMatchObject([{ users: 4, mean: 3.5 / 4 }]);
  });

  it('takes no name that may be a text of somebody', () => {
    const ranked = rankVersions();
    ranked.add(call('bo@example.org', 'ada'));
    ranked.add({ ...call('1.0.0', 'ada'), scores: new Map([['ask bo@example.org', 1]]) });
    expect(ranked.list().map(({ metric }) => metric)).toEqual(['success']);
  });
});
