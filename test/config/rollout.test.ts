import { describe, expect, it } from 'vitest';
import { loadConfiguration } from '../../src/config/load.ts';
import { planOf } from '../../src/rollout/plan.ts';
import { refusal, scratchFolder } from '../files/scratch.ts';
import { noTools } from '../metrics/no-tools.ts';

const load = (rollout: string) => {
  const text = `families:\n  a:\n    datasets: data\n    metrics: { latency: {} }\nrollout: ${rollout}\n`;
  return loadConfiguration(scratchFolder({ 'promptline.yaml': text }), noTools).rollout!;
};

describe('the configuration of rollouts', () => {
  it('has a plan without being written', () => {
    const { steps, metrics, thresholds, telemetryTimeout } = planOf(load('{}'));
    expect(steps.map(({ percent }) => percent)).toEqual([10, 25, 50, 75, 100]);
    expect(steps[0]).toEqual({ percent: 10, dwell: 3_600_000, leastUsers: 50 });
    expect(metrics.map(({ name }) => name)).toEqual(['success', 'latency']);
    expect(metrics[1]).toMatchObject({ scale: { best: 100, worst: 100_000 }, tolerance: 0 });
    expect(thresholds.hold).toBeCloseTo(10, 9);
    expect(thresholds.revert).toBeCloseTo(40, 9);
    expect(thresholds.promote).toBeCloseTo(20, 9);
    expect(telemetryTimeout).toBe(900_000);
  });

  it('gives each metric its own bounds', () => {
    const { metrics } = planOf(
      load('{ tolerance: 0.02, metrics: { success: { tolerance: 0.01 }, cost: {} } }'),
    );
    expect(metrics.map(({ name, tolerance }) => [name, tolerance])).toEqual([
      ['success', 0.01],
      ['cost', 0.02],
    ]);
  });

  it.each([
    ['{ steps: [{ percent: 10 }, { percent: 10 }, { percent: 100 }] }', 'percentages must rise'],
    ['{ steps: [{ percent: 10 }, { percent: 50 }] }', 'the last step must be 100 percent'],
    ['{ steps: [{ percent: 12.5 }, { percent: 100 }] }', 'steps'],
    ['{ steps: [{ percent: 10, dwell: soon }, { percent: 100 }] }', 'Give a whole number with s, m, h or d'],
    ['{ metrics: {} }', 'name at least one metric'],
    ['{ metrics: { cost: { scale: { best: 2, worst: 1 } } } }', 'best must be less than worst'],
    ['{ holdConfidence: 0.99 }', 'must not be above revertConfidence'],
    ['{ tolerance: 0.15 }', 'must be below target (0.15) and nonInferiority (0.15) of success'],
    [
      '{ metrics: { success: { tolerance: 0.1, nonInferiority: 0.1 } } }',
      'must be below target (0.15) and nonInferiority (0.1)',
    ],
    ['{ dwells: 1h }', 'dwells'],
    ['{ telemetryTimeout: 3651d }', 'must be 3650d or less'],
    ['{ publish: { command: [cp, "{folder}"], timeout: 30d } }', 'must be 1d or less'],
  ])('refuses %s', (rollout, problem) => {
    expect(refusal(() => load(rollout)).join('\n')).toContain(problem);
  });
});
