import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeError } from '../../src/errors.ts';
import { createMetric, metricDefinitions } from '../../src/metrics/registry.ts';
import { noTools } from './no-tools.ts';

function failure(use: string, options: unknown): string {
  try {
    createMetric('mine', use, options, noTools);
  } catch (error) {
    return describeError(error);
  }
  return 'no failure';
}

describe('the metrics a configuration can use', () => {
  it('have the name and the options they are configured with', () => {
    const metric = createMetric('intent_accuracy', 'label_accuracy', { field: 'intent' }, noTools);
    expect(metric).toMatchObject({
      name: 'intent_accuracy',
      direction: 'higher',
      unit: 'ratio',
      scale: 'binary',
    });
  });

  it('are suggested for a slip of the hand, and listed for an unknown name', () => {
    expect(failure('lable_accuracy', {})).toBe(
      'metric "mine": there is no metric "lable_accuracy". Did you mean "label_accuracy"?',
    );
    expect(failure('perplexity', {})).toMatch(/Known metrics: exact_match, label_accuracy, /);
  });

  it('refuse options they do not have', () => {
    expect(failure('entity_f1', { match: 'fuzzy' })).toMatch(/^metric "mine" \(entity_f1\): match: Invalid/);
    expect(failure('format_compliance', { field: 'a' })).toMatch(/Unrecognized key: "field"/);
    expect(failure('label_accuracy', {})).toMatch(/\(label_accuracy\): field: /);
    expect(failure('entity_f1', { match: 'partial', minOverlap: 0 })).toMatch(/minOverlap: /);
  });

  it.each([...metricDefinitions.values()])(
    '$use describes itself and each option',
    ({ use, description, options }) => {
      expect(metricDefinitions.get(use)?.description).toBe(description);
      expect(description).toMatch(/\.$/);
      const schema = z.toJSONSchema(options) as { properties: Record<string, { description?: string }> };
      for (const option of Object.values(schema.properties)) expect(option.description).toBeTruthy();
    },
  );
});
