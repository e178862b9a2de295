import { expect, it } from 'vitest';
import { mergeCounts } from '../../src/evaluation/samples.ts';
import {
  relationshipF1,
  relationshipPrecision,
  relationshipRecall,
} from '../../src/metrics/relationships.ts';
import { createdMetric } from './created-metric.ts';
import { describeGoldens } from './goldens.ts';
import { scoreOf } from './metric-input.ts';
import { describeTestSplit } from './shared-datasets.ts';

type LightRag = {
  cases: {
    expected_relationships: { source: string; target: string }[];
    output: string;
    relationship_prf: [number, number, number];
  }[];
};

describeGoldens<LightRag>("LightRAG's evaluator", 'lightrag_evaluator.json', (goldens) => {
  const ratiosOf = ({ output, expected_relationships }: LightRag['cases'][number]) =>
    [relationshipPrecision, relationshipRecall, relationshipF1].map(
      (definition) =>
        scoreOf(
          createdMetric(definition),
          { format: 'tuples' },
          { output, expected: { relationships: expected_relationships } },
        ).value,
    );
  const named = () => {
    const [partial, invented, noDescription, empty, bare, reversed, bad, entitiesOnly] = goldens().cases;
    return {
      partial: partial!,
      invented: invented!,
      noDescription: noDescription!,
      silent: [empty!, bare!, bad!, entitiesOnly!],
      reversed: reversed!,
    };
  };

  it('is matched where it is right', () => {
    const { partial, invented } = named();
    for (const known of [partial, invented]) {
      expect(ratiosOf(known)).toEqual(known.relationship_prf.map((ratio) => expect.closeTo(ratio, 9)));
    }
  });

  it('is surpassed: an answer without relationships has recall 0, not 1', () => {
    for (const known of named().silent) {
      expect(known.relationship_prf[1]).toBe(1);
      expect(ratiosOf(known)).toEqual([0, 0, 0]);
    }
  });

  it('is surpassed: a relationship its prompt calls undirected counts in either direction', () => {
    const { reversed } = named();
    expect(reversed.relationship_prf).toEqual([0, 0, 0]);
    expect(ratiosOf(reversed)).toEqual([1, 1 / 3, 0.5]);
  });

  it('is surpassed: a missing description costs compliance only, the relationship still counts', () => {
    const { noDescription } = named();
    expect(noDescription.relationship_prf).toEqual([0, 1, 0]);
    expect(ratiosOf(noDescription)).toEqual([1, 1 / 3, 0.5]);
  });
});

describeTestSplit('the first entity paired with every other', 'relationship_extraction', (examples) => {
  const pooledF1 = (options: Record<string, unknown>) => {
    const metric = createdMetric(relationshipF1, options);
    const counts = examples().map(({ input, expected }) => {
      const [first, ...others] = (input['entities'] as { name: string }[]).map(({ name }) => name);
      const output = JSON.stringify({ relationships: others.map((target) => ({ source: first, target })) });
      return scoreOf(metric, { format: 'json' }, { output, expected }).counts ?? {};
    });
    expect(counts).toHaveLength(100);
    return metric.pool?.(mergeCounts(counts));
  };

  it('has the known pair F1 of .256, pooled, where the pair is directed', () => {
    expect(pooledF1({ directed: true })).toBeCloseTo(0.256, 3);
  });

  it('finds more where a pair holds in either direction', () => {
    expect(pooledF1({})).toBeCloseTo(0.311, 3);
  });
});
