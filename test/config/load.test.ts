import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openWorkspace } from '../../src/commands/workspace.ts';
import { familyMetrics, familyOf, findRoot, loadConfiguration } from '../../src/config/load.ts';
import { refusal, scratchFolder } from '../files/scratch.ts';
import { noTools } from '../metrics/no-tools.ts';

const load = (text: string) => loadConfiguration(scratchFolder({ 'promptline.yaml': text }), noTools);
const family = (metrics: string, more = '') =>
  `families:\n  intents:\n    datasets: data\n    metrics:\n${metrics}${more}`;
const small = family('      exact_match: { field: y }\n');

describe('the configuration', () => {
  it('needs families only; the rest has defaults', () => {
    expect(load(small)).toEqual({
      version: 1,
      models: { task: 'embedded/tinyllama-1.1b-chat' },
      providers: {},
      composites: {},
      telemetry: { sources: [], joinWindow: '15m' },
      // Their own tests have the defaults.
      monitoring: expect.any(Object),
      triggers: expect.any(Object),
      harvest: { redact: [] },
      alerts: [],
      families: {
        intents: {
          datasets: 'data',
          metrics: { exact_match: { field: 'y' } },
          optimize: {
            strategy: 'auto',
            calls: 600,
            minImprovement: 0.02,
            confidence: 0.95,
            maxDemonstrations: 24,
            ablation: 60,
          },
        },
      },
    });
  });

  it('of this repository is sound', () => {
    const root = path.resolve(import.meta.dirname, '../..');
    expect(readFileSync(path.join(root, 'promptline.yaml'), 'utf8')).toContain('families:');
    expect(Object.keys(openWorkspace(root).configuration.families)).toHaveLength(9);
  });

  it('gives metrics under the names reports show, with weight and gate', () => {
    const text = family(
      '      mine: { use: exact_match, field: y, weight: 0.7, gate: { min: 0.5 } }\n      latency: {}\n',
    );
    const [mine, latency] = familyMetrics(
      load(text).families['intents'] ?? expect.fail('no family'),
      'default',
      noTools,
    );
    expect(mine).toMatchObject({ metric: { name: 'mine' }, weight: 0.7, gate: { min: 0.5 } });
    expect(latency).toMatchObject({ metric: { name: 'latency', unit: 'ms' }, weight: 0, gate: {} });
  });

  it.each([
    ['an empty file', '', '1:1: the file is empty. Write at least `families:`.'],
    [
      'a misspelt key that must be there',
      small.replace('families', 'familys'),
      '1:1: unknown key "familys". Did you mean "families"?',
    ],
    [
      'an unknown key of a family',
      small.replace('datasets', 'datsets'),
      '3:5: unknown key "datsets". Did you mean "datasets"?',
    ],
    [
      'an unknown key of a split',
      small.replace('data\n', '{ trian: a, test: b }\n'),
      '3:17: unknown key "trian". Did you mean "train"?',
    ],
    [
      'no test split',
      small.replace('data\n', '{ train: a }\n'),
      '3:15: families.intents.datasets: "test" is missing',
    ],
    [
      'datasets of another type',
      small.replace('data\n', '[a, b]\n'),
      '3:15: families.intents.datasets: must be a text or a mapping (`key: value`), not a list',
    ],
    [
      'an unknown metric, at its name',
      small.replace('exact_match', 'exact_mach'),
      '5:7: metric "exact_mach": there is no metric "exact_mach". Did you mean "exact_match"?',
    ],
    [
      'an unknown metric behind an own name',
      family('      mine: { use: exactmatch }\n'),
      '5:7: metric "mine": there is no metric "exactmatch". Did you mean "exact_match"?',
    ],
    [
      'an unknown metric option, at its key',
      family('      exact_match: { weight: 1, feild: y }\n'),
      '5:33: unknown key "feild". Did you mean "field"?',
    ],
    [
      'a misspelt key that every metric has',
      family('      exact_match: { field: y, wieght: 1 }\n'),
      '5:32: unknown key "wieght". Did you mean "weight"?',
    ],
    [
      'a key that no metric has, with those of this one',
      family('      exact_match: { field: y, importance: 1 }\n'),
      '5:32: unknown key "importance". Known keys: use, weight, gate, prompts, field, normalise, abstention.',
    ],
    [
      'a metric option of another type',
      family('      exact_match: { field: 3 }\n'),
      '5:29: field: must be a text, not 3. Put it in quotes.',
    ],
    [
      'an unknown gate',
      family('      exact_match: { field: y, gate: { maxdrop: 0.1 } }\n'),
      '5:40: unknown key "maxdrop". Did you mean "maxDrop"?',
    ],
    [
      'a weight of what is no ratio',
      family('      latency: { weight: 1 }\n'),
      '5:7: metric "latency" is in ms and cannot have a weight. Weigh ratios; gate costs with max.',
    ],
    [
      'a negative weight',
      family('      exact_match: { field: y, weight: -1 }\n'),
      '5:40: families.intents.metrics.exact_match.weight: must be at least 0',
    ],
    [
      'an unknown strategy',
      family('      latency: {}\n', '    optimize: { strategy: serch }\n'),
      '6:27: families.intents.optimize.strategy: "serch" is not known. Did you mean "search"?',
    ],
    [
      'an unknown type of provider',
      `providers:\n  mine: { type: openai-compatibel, baseUrl: "http://x" }\n${small}`,
      '2:17: providers.mine.type: "openai-compatibel" is not known. Did you mean "openai-compatible"?',
    ],
    [
      'an unknown key of a provider',
      `providers:\n  mine: { type: openai-compatible, baseURL: "http://x" }\n${small}`,
      '2:36: unknown key "baseURL". Did you mean "baseUrl"?',
    ],
    ['a newer version of the file', `version: 2\n${small}`, '1:10: version: 2 is not known. Known: 1.'],
  ])('is refused for %s, with the place', (_, text, message) => {
    expect(refusal(() => load(text))).toEqual([`promptline.yaml:${message}`]);
  });
});

describe('the family of a prompt', () => {
  it('is found by its name', () => {
    expect(familyOf(load(small), 'intents', 'p.yaml').datasets).toBe('data');
  });

  it.each([
    ['intent', 'p.yaml: family "intent" is not in promptline.yaml. Did you mean "intents"?'],
    [
      'summaries',
      'p.yaml: family "summaries" is not in promptline.yaml. Add it under families; there are: intents.',
    ],
    [
      'constructor',
      'p.yaml: family "constructor" is not in promptline.yaml. Add it under families; there are: intents.',
    ],
  ])('is missed as %s', (name, message) => {
    expect(refusal(() => familyOf(load(small), name, 'p.yaml'))).toEqual([message]);
  });
});

describe('the repository', () => {
  it('is the nearest folder above with a configuration', () => {
    const root = scratchFolder({ 'promptline.yaml': small, 'a/b/c.txt': '', 'inner/promptline.yaml': small });
    expect(findRoot(path.join(root, 'a/b'))).toBe(root);
    mkdirSync(path.join(root, 'inner/deep'));
    expect(findRoot(path.join(root, 'inner/deep'))).toBe(path.join(root, 'inner'));
  });

  it('is missed where it was named', () => {
    const root = scratchFolder();
    expect(refusal(() => loadConfiguration(root, noTools))).toEqual([
      `promptline.yaml: there is none in ${root}. Name its folder with --root.`,
    ]);
  });

  it('is missed with a word on how to name it', () => {
    expect(refusal(() => findRoot(scratchFolder()))).toEqual([
      'promptline.yaml: there is none here or in a folder above. Run in a repository that has one, or name its folder with --root.',
    ]);
  });
});
