import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadDataset } from '../../src/datasets/load.ts';
import { describeError } from '../../src/errors.ts';
import { mergeCounts } from '../../src/evaluation/samples.ts';
import type { OutputFormat } from '../../src/formats/format.ts';
import { repairAccuracy, repairF1, repairPrecision, repairRecall } from '../../src/metrics/graph-repair.ts';
import type { Score } from '../../src/metrics/metric.ts';
import { createdMetric } from './created-metric.ts';
import { scoreOf } from './metric-input.ts';

type Triple = readonly [source: string, relation: string, target: string];
type Action = 'keep' | 'drop' | 'merge' | 'fix';
type Need = { given: Triple; action: Action; right?: Triple };

const json: OutputFormat = { format: 'json' };
const metrics = {
  precision: createdMetric(repairPrecision),
  recall: createdMetric(repairRecall),
  f1: createdMetric(repairF1),
  accuracy: createdMetric(repairAccuracy),
};

const founded: Triple = ['Lena Okafor', 'founded', 'Quay Radio'];
const reversed: Triple = ['Quay Radio', 'owns', 'Ghent Trust'];
const owns: Triple = ['Ghent Trust', 'owns', 'Quay Radio'];
const invented: Triple = ['Lena Okafor', 'works_for', 'Mars Post'];
const repeated: Triple = ['Okafor', 'founded', 'Quay Radio'];
const located: Triple = ['Quay Radio', 'located_in', 'Ghent'];

/** Two to keep, one each to fix, to drop and to merge. */
const broken: readonly Need[] = [
  { given: founded, action: 'keep' },
  { given: reversed, action: 'fix', right: owns },
  { given: invented, action: 'drop' },
  { given: repeated, action: 'merge' },
  { given: located, action: 'keep' },
];
const sound: readonly Need[] = [
  { given: founded, action: 'keep' },
  { given: located, action: 'keep' },
];

const item = ([source, relation, target]: Triple) => ({ source, relation, target });
const linesOf = (needs: readonly Need[]) =>
  needs.map(({ given }, i) => `${i + 1}. ${given.join(' | ')}`).join('\n');
const decisionsOf = (needs: readonly Need[]) =>
  needs.map(({ given, action, right }, i) => ({ number: i + 1, action, ...item(right ?? given) }));
const graphOf = (needs: readonly Need[]): Triple[] =>
  needs.flatMap(({ given, action, right }) =>
    action === 'keep' ? [given] : action === 'fix' && right ? [right] : [],
  );
const expectedOf = (needs: readonly Need[], extra: readonly Triple[] = []) => ({
  decisions: decisionsOf(needs),
  relationships: [...graphOf(needs), ...extra].map(item),
});

type Values = Record<keyof typeof metrics, number | null>;

function scores(needs: readonly Need[], answer: unknown, extra: readonly Triple[] = []) {
  const answered = {
    output: typeof answer === 'string' ? answer : JSON.stringify(answer),
    input: { relations: linesOf(needs) },
    expected: expectedOf(needs, extra),
  };
  const entries = Object.entries(metrics).map(([name, metric]) => [name, scoreOf(metric, json, answered)]);
  return Object.fromEntries(entries) as Record<keyof typeof metrics, Score>;
}

function values(needs: readonly Need[], answer: unknown, extra: readonly Triple[] = []): Values {
  const { precision, recall, f1, accuracy } = scores(needs, answer, extra);
  return { precision: precision.value, recall: recall.value, f1: f1.value, accuracy: accuracy.value };
}

/** An answer of decisions: an action alone, or the relationship that a fix gives. */
function decided(needs: readonly Need[], ...made: (Action | Triple | null)[]) {
  const decisions = made.flatMap((each, i) => {
    const given = needs[i]?.given ?? founded;
    if (each === null) return [];
    const [action, triple] = typeof each === 'string' ? [each, given] : ['fix', each];
    return [{ number: String(i + 1), action, ...item(triple) }];
  });
  return { decisions };
}
const graph = (...triples: Triple[]) => ({ relationships: triples.map(item) });

describe('the repair of a graph by decisions', () => {
  it('is perfect when each is right, in any case', () => {
    const perfect = { precision: 1, recall: 1, f1: 1, accuracy: 1 };
    expect(values(broken, decided(broken, 'keep', owns, 'drop', 'merge', 'keep'))).toEqual(perfect);
    const shouted = decisionsOf(broken).map(({ number, action, source, relation, target }) => ({
      number: `#${number}.`,
      action: ` ${action.toUpperCase()}`,
      source: source.toUpperCase(),
      relation: relation.toUpperCase(),
      target: target.toUpperCase(),
    }));
    expect(values(broken, { decisions: shouted })).toEqual(perfect);
  });

  it('is measured by the changes made and the changes needed', () => {
    const { precision, recall, f1, accuracy } = scores(
      broken,
      decided(broken, 'keep', 'keep', 'drop', 'keep', 'drop'),
    );
    const counts = { '': { hits: 1, predicted: 2, expected: 3 } };
    expect(precision).toMatchObject({ value: 1 / 2, counts });
    expect(recall).toMatchObject({ value: 1 / 3, counts });
    expect(f1).toEqual({
      value: 2 / 5,
      counts,
      feedback:
        'wrong: 2. Quay Radio → Ghent Trust (owns) is kept, should be fixed to Ghent Trust → Quay Radio (owns), 4. Okafor → Quay Radio (founded) is kept, should be merged with the one that says the same, 5. Quay Radio → Ghent (located_in) is dropped, should be kept',
    });
    expect(accuracy).toMatchObject({
      value: 2 / 5,
      counts: { '': { hits: 2, predicted: 5, expected: 5 } },
    });
  });

  it('counts a fix to something else as one wrong change', () => {
    const wrong: Triple = ['Ghent Trust', 'founded', 'Quay Radio'];
    expect(scores(broken, decided(broken, 'keep', wrong, 'drop', 'merge', 'keep')).f1).toMatchObject({
      value: 2 / 3,
      counts: { '': { hits: 2, predicted: 3, expected: 3 } },
      feedback:
        'wrong: 2. Quay Radio → Ghent Trust (owns) is fixed to Ghent Trust → Quay Radio (founded), should be fixed to Ghent Trust → Quay Radio (owns)',
    });
  });

  it('asks for names as they are: a shortened one is not yet fixed', () => {
    const needs: Need[] = [{ given: ['Okafor', 'leads', 'Quay Radio'], action: 'fix', right: founded }];
    expect(values(needs, decided(needs, ['Okafor', 'founded', 'Quay Radio'])).recall).toBe(0);
    expect(values(needs, decided(needs, ['LENA  okafor', 'Founded', 'Quay Radio'])).recall).toBe(1);
  });

  it('tells merging from dropping by accuracy only: the graph is the same', () => {
    const answer = decided(broken, 'keep', owns, 'merge', 'drop', 'keep');
    expect(values(broken, answer)).toEqual({ precision: 1, recall: 1, f1: 1, accuracy: 3 / 5 });
    expect(scores(broken, answer).accuracy.feedback).toContain(
      '3. Lena Okafor → Mars Post (works_for) is merged',
    );
  });

  it('goes by the action: a relationship written beside another action than a fix changes nothing', () => {
    const decisions = [
      { number: 1, action: 'keep', ...item(owns) },
      { number: 2, action: 'keep' },
    ];
    expect(values(sound, { decisions })).toEqual({ precision: null, recall: null, f1: 1, accuracy: 1 });
  });

  it('takes a fix that alters nothing for keeping', () => {
    expect(values(sound, decided(sound, founded, located))).toEqual({
      precision: null,
      recall: null,
      f1: 1,
      accuracy: 1,
    });
  });

  it('takes the first readable decision on a number', () => {
    const decisions = [
      { number: 'As for 1, the text is clear' },
      { number: 1, action: 'fix', source: 'Lena Okafor' },
      { number: 1, action: 'keep' },
      { number: 1, action: 'drop' },
      { number: 2, action: 'keep' },
      'or so I think',
    ];
    expect(values(sound, { decisions }).f1).toBe(1);
  });

  it('counts decisions on numbers that were not given as relationships added', () => {
    const more = [
      { number: 7, action: 'keep', ...item(owns) },
      { number: 8, action: 'drop', ...item(invented) },
    ];
    expect(scores(sound, { decisions: [...decisionsOf(sound), ...more] }).f1).toEqual({
      value: 0,
      counts: { '': { hits: 0, predicted: 1, expected: 0 } },
      feedback: 'added without need: Ghent Trust → Quay Radio (owns)',
    });
  });

  it('reads lines, and reads past prose before them', () => {
    const lines: OutputFormat = {
      format: 'lines',
      field: 'decisions',
      item: '{{number}} | {{action}} | {{source}} | {{relation}} | {{target}}',
    };
    const output = `The second one is doubtful, so I look at it again.\n${decisionsOf(broken)
      .map((each) => `${each.number} | ${each.action} | ${each.source} | ${each.relation} | ${each.target}`)
      .join('\n')}`;
    const answered = { output, input: { relations: linesOf(broken) }, expected: expectedOf(broken) };
    for (const metric of Object.values(metrics)) expect(scoreOf(metric, lines, answered).value).toBe(1);
  });
});

describe('the repair of a graph by a graph', () => {
  it('is perfect when it is the repaired one, in any order', () => {
    expect(values(broken, graph(owns, located, founded))).toEqual({
      precision: 1,
      recall: 1,
      f1: 1,
      accuracy: 1,
    });
  });

  it('counts what left it and what came in as one change, while something needlessly left', () => {
    const other: Triple = ['Ghent Trust', 'leads', 'Quay Radio'];
    const counts = (answer: unknown) => scores(broken, answer).f1.counts?.[''];
    expect(counts(graph(founded, other, located))).toEqual({ hits: 2, predicted: 3, expected: 3 });
    expect(counts(graph(founded, owns, other))).toEqual({ hits: 3, predicted: 4, expected: 3 });
    expect(counts(graph(founded, owns, located, other))).toEqual({ hits: 3, predicted: 4, expected: 3 });
    expect(counts(graph(founded, reversed, owns, located))).toEqual({ hits: 2, predicted: 3, expected: 3 });
  });

  it('names what became of a relationship by what shares a name with it', () => {
    const near: Triple = ['Quay Radio', 'part_of', 'Ghent'];
    expect(scores(sound, graph(['Mars', 'owns', 'Venus'], founded, near)).f1.feedback).toBe(
      'wrong: 2. Quay Radio → Ghent (located_in) is fixed to Quay Radio → Ghent (part_of), should be kept; added without need: Mars → Venus (owns)',
    );
  });

  it('leaves of two that say the same the one to be kept', () => {
    const twice: Need[] = [
      { given: founded, action: 'merge' },
      { given: founded, action: 'keep' },
    ];
    expect(values(twice, graph(founded)).accuracy).toBe(1);
    expect(values(twice, graph(founded, founded))).toEqual({
      precision: null,
      recall: 0,
      f1: 0,
      accuracy: 0.5,
    });
  });

  it('takes what is there once for the fix that another says already', () => {
    const merged: Need[] = [
      { given: reversed, action: 'fix', right: owns },
      { given: owns, action: 'merge' },
    ];
    expect(values(merged, graph(owns))).toEqual({ precision: 1, recall: 1, f1: 1, accuracy: 1 });
  });

  it('counts what cannot be a relationship as needless', () => {
    const answer = { relationships: [...graph(founded, located).relationships, { source: 'Ghent' }, 7] };
    expect(scores(sound, answer).precision).toMatchObject({
      value: 0,
      feedback: 'added without need: {"source":"Ghent"}, 7',
    });
  });

  it('rewards a missing relationship that the reference adds, once', () => {
    const added: Triple = ['Ghent Trust', 'member_of', 'Guild'];
    expect(values(sound, graph(founded, located), [added])).toMatchObject({ precision: null, recall: 0 });
    expect(values(sound, graph(founded, located, added), [added])).toMatchObject({ precision: 1, recall: 1 });
    expect(scores(sound, graph(founded, located, added, added), [added]).f1).toMatchObject({
      value: 2 / 3,
      feedback: 'added without need: Ghent Trust → Guild (member_of)',
    });
    expect(scores(sound, decided(sound, 'keep', 'keep'), [added]).recall).toMatchObject({
      value: 0,
      feedback: 'missing: Ghent Trust → Guild (member_of)',
    });
  });

  it('yields to the decisions of an answer that holds both', () => {
    const answer = { ...graph(founded, reversed), decisions: decisionsOf(broken) };
    expect(values(broken, answer).f1).toBe(1);
  });
});

describe('a graph left alone', () => {
  const alone = [
    decided(broken, 'keep', 'keep', 'keep', 'keep', 'keep'),
    graph(...broken.map(({ given }) => given)),
  ];

  it.each(alone)('has recall 0 and no precision where changes are needed (%#)', (answer) => {
    expect(values(broken, answer)).toEqual({ precision: null, recall: 0, f1: 0, accuracy: 2 / 5 });
    expect(scores(broken, answer).precision).toEqual({ value: null, feedback: '' });
  });

  it('is right where none is needed, and any change is wrong there', () => {
    const right = { precision: null, recall: null, f1: 1, accuracy: 1 };
    expect(values(sound, decided(sound, 'keep', 'keep'))).toEqual(right);
    expect(values(sound, graph(founded, located))).toEqual(right);
    const changed = { precision: 0, recall: null, f1: 0, accuracy: 1 / 2 };
    expect(values(sound, decided(sound, 'keep', 'drop'))).toEqual(changed);
    expect(values(sound, graph(founded))).toEqual(changed);
  });
});

describe('an answer that leaves out', () => {
  it('a decision has changed that relationship wrongly', () => {
    const { precision, recall, f1, accuracy } = scores(
      broken,
      decided(broken, 'keep', owns, null, 'merge', null),
    );
    expect([precision.value, recall.value, accuracy.value]).toEqual([2 / 4, 2 / 3, 3 / 5]);
    expect(f1).toMatchObject({
      value: 4 / 7,
      feedback:
        'wrong: 3. Lena Okafor → Mars Post (works_for) has no decision, should be dropped, 5. Quay Radio → Ghent (located_in) has no decision, should be kept',
    });
  });

  it.each(['', 'All fine', '{}', '{"decisions": "keep"}', '{"relationships": []}'])(
    'everything (%j) is 0, pooled too, also where nothing had to change',
    (output) => {
      expect(values(broken, output)).toEqual({ precision: 0, recall: 0, f1: 0, accuracy: 0 });
      expect(values(sound, output)).toEqual({ precision: 0, recall: null, f1: 0, accuracy: 0 });
      const right = scores(broken, { decisions: decisionsOf(broken) });
      const nothing = scores(sound, output);
      const pooled = (name: keyof typeof metrics) =>
        metrics[name].pool?.(mergeCounts([right[name].counts ?? {}, nothing[name].counts ?? {}]));
      expect([pooled('precision'), pooled('f1'), pooled('accuracy')]).toEqual([3 / 5, 6 / 8, 5 / 7]);
      expect(nothing.f1.feedback).toBe(
        'no list "decisions" and no relationship in a list "relationships" could be read from the answer',
      );
    },
  );

  it('every decision is no better', () => {
    expect(values(sound, { decisions: [] })).toEqual({ precision: 0, recall: null, f1: 0, accuracy: 0 });
  });

  it('the whole graph is right where nothing of it holds', () => {
    const hopeless: Need[] = [{ given: invented, action: 'drop' }];
    expect(values(hopeless, graph())).toEqual({ precision: 1, recall: 1, f1: 1, accuracy: 1 });
    expect(values(hopeless, '').f1).toBe(0);
    expect(values(hopeless, graph(), [owns]).f1).toBe(0);
  });
});

describe('an example that cannot be compared with', () => {
  const failure = (relations: unknown, expected: Record<string, unknown>, options = {}) => {
    try {
      const metric = createdMetric(repairF1, options);
      return scoreOf(metric, json, { output: '{}', input: { relations }, expected }).feedback;
    } catch (error) {
      return describeError(error);
    }
  };
  const fine = expectedOf(sound);

  it.each([
    ['', fine, 'input.relations gives no relationship. Write one a line, as "1. source | relation | target"'],
    [7, fine, 'input.relations holds a line that is no relationship: "7"'],
    ['1. Lena | founded', fine, 'input.relations holds a line that is no relationship: "1. Lena | founded"'],
    // Looked through once, as a row that was harvested may hold anything.
    [
      `1.${' '.repeat(1_000_000)}Lena`,
      fine,
      'input.relations holds a line that is no relationship: "1. Lena"',
    ],
    [linesOf(sound), {}, 'expected.decisions is not a list'],
    [linesOf(sound), { ...fine, decisions: [{ number: 1 }] }, 'an item of expected.decisions is no decision'],
    [
      linesOf(sound),
      { ...fine, decisions: decisionsOf(sound.slice(1)) },
      'expected.decisions does not decide once on number 2',
    ],
    [
      `1. ${founded.join(' | ')}\n1. ${located.join(' | ')}`,
      { ...fine, decisions: decisionsOf(sound).map((each) => ({ ...each, number: 1 })) },
      'expected.decisions does not decide once on number 1',
    ],
    [linesOf(sound.slice(1)), fine, 'expected.decisions has 2 decisions on 1 given relationships'],
    [
      linesOf(sound),
      { ...fine, decisions: decisionsOf([{ given: founded, action: 'fix' }, ...sound.slice(1)]) },
      'expected.decisions fixes number 1 to what it is',
    ],
    [
      linesOf(sound),
      { ...fine, relationships: [{ source: 'Lena' }] },
      'an item of expected.relationships lacks an end',
    ],
    [
      linesOf(sound),
      { ...fine, relationships: [item(founded)] },
      'expected.relationships lacks Quay Radio → Ghent (located_in), which expected.decisions has in it',
    ],
  ])('is named (%#)', (relations, expected, message) => {
    expect(failure(relations, expected)).toContain(`example one: ${message}`);
  });

  it('is read from the fields that the options name', () => {
    const options = { given: 'triples', decisions: 'verdicts', field: 'links' };
    const answered = {
      output: JSON.stringify({ verdicts: decisionsOf(broken) }),
      input: { triples: linesOf(broken) },
      expected: { verdicts: decisionsOf(broken), links: graphOf(broken).map(item) },
    };
    expect(scoreOf(createdMetric(repairF1, options), json, answered).value).toBe(1);
    expect(() => createdMetric(repairF1, { directed: true })).toThrow(/directed/);
  });
});

describe('the laws of repair metrics', () => {
  const name = fc.constantFrom('Ada', 'Byron', 'Ghent', '__proto__');
  const triple: fc.Arbitrary<Triple> = fc.tuple(name, fc.constantFrom('leads', 'owns'), name);
  const need: fc.Arbitrary<Need> = fc.oneof(
    fc.record({ given: triple, action: fc.constantFrom<Action>('keep', 'drop', 'merge') }),
    fc
      .record({ given: triple, action: fc.constant<Action>('fix'), right: triple })
      .filter(({ given, right }) => given.join() !== right.join()),
  );
  const needs = fc.array(need, { minLength: 1, maxLength: 5 });
  const made = fc.array(
    fc.oneof(fc.constantFrom<Action>('keep', 'drop', 'merge'), triple, fc.constant(null)),
    {
      minLength: 5,
      maxLength: 5,
    },
  );
  const triples = fc.array(triple, { maxLength: 6 });

  it('lie in [0, 1] where they have a value', () => {
    fc.assert(
      fc.property(needs, made, triples, (wanted, actions, list) => {
        for (const answer of [decided(wanted, ...actions), graph(...list)]) {
          for (const value of Object.values(values(wanted, answer))) {
            expect(value === null || (value >= 0 && value <= 1)).toBe(true);
          }
        }
      }),
    );
  });

  it('are at their best for the reference, and F1 and accuracy at 1', () => {
    fc.assert(
      fc.property(needs, (wanted) => {
        const best = values(wanted, { decisions: decisionsOf(wanted) });
        const ratio = wanted.some(({ action }) => action !== 'keep') ? 1 : null;
        expect(best).toEqual({ precision: ratio, recall: ratio, f1: 1, accuracy: 1 });
      }),
    );
  });

  it('are 1 for the repaired graph, where it tells what was fixed', () => {
    fc.assert(
      fc.property(needs, (wanted) => {
        const repaired = graphOf(wanted);
        const facts = repaired.map((each) => each.join());
        fc.pre(wanted.every(({ action, given }) => action !== 'fix' || !facts.includes(given.join())));
        const { f1, accuracy } = values(wanted, graph(...repaired.toReversed()));
        expect([f1, accuracy]).toEqual([1, 1]);
      }),
    );
  });

  it('do not depend on the order of a graph', () => {
    const pair = triples.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(needs, pair, (wanted, [list, shuffled]) => {
        expect(values(wanted, graph(...shuffled))).toEqual(values(wanted, graph(...list)));
      }),
    );
  });

  it('lose F1 and accuracy when a right decision is left out', () => {
    fc.assert(
      fc.property(needs, (wanted) => {
        const { f1, accuracy } = values(wanted, { decisions: decisionsOf(wanted).slice(1) });
        expect([f1, accuracy].every((value) => value !== null && value < 1)).toBe(true);
      }),
    );
  });

  it('never rise when something is invented', () => {
    fc.assert(
      fc.property(needs, made, (wanted, actions) => {
        const { decisions } = decided(wanted, ...actions.slice(0, wanted.length));
        const more = {
          decisions: [...decisions, { number: 99, action: 'keep', ...item(['Mars', 'owns', 'Io']) }],
        };
        const [before, after] = [values(wanted, { decisions }), values(wanted, more)];
        expect(after.f1).toBeLessThanOrEqual(before.f1 ?? 0);
        expect(after.precision).toBeLessThanOrEqual(before.precision ?? 1);
      }),
    );
  });
});

describe.each(['train', 'dev', 'test'] as const)("the project's own rows to repair (%s)", (split) => {
  const file = path.resolve(import.meta.dirname, `../../datasets/reasoning/${split}.yaml`);
  const { examples } = loadDataset(file, file, split);
  const pooled = (name: keyof typeof metrics, answerOf: (example: (typeof examples)[number]) => unknown) => {
    const counts = examples.map((example) => {
      const { input, expected } = example;
      return scoreOf(metrics[name], json, { output: JSON.stringify(answerOf(example)), input, expected })
        .counts;
    });
    return metrics[name].pool?.(mergeCounts(counts.map((each) => each ?? {})));
  };

  it('have decisions that lead to their graph, and a graph that leads to the same score', () => {
    for (const name of ['precision', 'recall', 'f1', 'accuracy'] as const) {
      expect(pooled(name, ({ expected }) => ({ decisions: expected['decisions'] }))).toBe(1);
      expect(pooled(name, ({ expected }) => ({ relationships: expected['relationships'] }))).toBe(1);
    }
  });

  it('need work: left alone they have recall 0, and more than a third of the actions are wrong', () => {
    const alone = ({ expected }: (typeof examples)[number]) => ({
      decisions: (expected['decisions'] as object[]).map((each) => ({ ...each, action: 'keep' })),
    });
    expect(pooled('recall', alone)).toBe(0);
    expect(pooled('accuracy', alone)).toBeLessThan(2 / 3);
  });
});
