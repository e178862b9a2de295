import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../../src/config/load.ts';
import { parseSelector } from '../../src/config/selector.ts';
import { planOf } from '../../src/rollout/plan.ts';
import { refusal, scratchFolder } from '../files/scratch.ts';

const good = '{ total: calls_total, good: \'calls_total{outcome="success"}\' }';
const metrics = `{ success: ${good} }`;

function read({ rollout = '{}', source = `metrics: ${metrics}`, more = '' }) {
  const text = [
    'families: {}',
    `rollout: { metrics: ${rollout} }`,
    'telemetry:',
    '  sources:',
    `    - { type: prometheus, url: "http://127.0.0.1:9090", ${source} }`,
    more,
  ];
  return readConfiguration(scratchFolder({ 'promptline.yaml': text.join('\n') }));
}

const counters = '{ success: { from: counters } }';

describe('a Prometheus source', () => {
  it('needs no more than where it is and what it counts', () => {
    const [source] = read({ rollout: counters }).telemetry.sources;
    expect(source).toMatchObject({
      labels: {
        prompt: 'gen_ai_prompt_name',
        version: 'gen_ai_prompt_version',
        generation: 'feature_flag_version',
      },
      delay: '30s',
    });
  });

  it('gives shares of calls, which have no scale', () => {
    const { rollout } = read({
      rollout: '{ latency: { from: counters } }',
      source: 'metrics: { latency: { histogram: seconds, atMost: 0.5 } }',
    });
    expect(rollout && planOf(rollout).metrics.map(({ scale }) => scale)).toEqual([null]);
  });

  it.each([
    [{ source: 'metrics: {}' }, '5:66: telemetry.sources.0.metrics: name at least one metric'],
    [
      { source: 'metrics: { success: { total: a_total } }' },
      'success: needs total and one of good, bad; or histogram and atMost',
    ],
    [{ source: 'metrics: { latency: { histogram: a } }' }, 'needs total and one of good, bad; or histogram'],
    [{ source: 'metrics: { success: { total: a, atMost: 2, bad: c } }' }, 'needs total and one of good, bad'],
    [{ source: 'metrics: { success: { histogram: a, atMost: 2, bad: c } }' }, 'needs total and one of good'],
    [{ source: 'metrics: { success: { total: a, goood: c } }' }, 'unknown key "goood". Did you mean "good"?'],
    [
      { source: 'metrics: { success: { total: a, good: b, bad: c } }' },
      'success: needs total and one of good, bad; or histogram and atMost',
    ],
    [
      { source: 'metrics: { success: { total: "rate(a_total[5m])", good: b } }' },
      'promptline.yaml:5:86: telemetry.sources.0.metrics.success.total: must be a selector as name{label="value"}',
    ],
    [{ source: 'metrics: { latency: { histogram: a, atMost: 2s } }' }, 'atMost: must be a number'],
    [{ source: `metrics: ${metrics}, tokenEnv: "x y"` }, 'must be the name of an environment variable'],
    [{ source: `metrics: ${metrics}, tokenEnv: A, basicAuthEnv: B` }, 'must not stand beside tokenEnv'],
    [{ source: `metrics: ${metrics}, labels: { prompt: a-b } ` }, 'must be the name of a label'],
    [
      { rollout: '{ success: { from: counters }, latency: { from: counters } }' },
      'promptline.yaml:2:69: rollout.metrics.latency.from: no source of telemetry.sources counts it: give one of type prometheus metrics.latency',
    ],
    [
      { rollout: '{ success: { from: counters }, cost: {} }' },
      'promptline.yaml:2:58: rollout.metrics.cost: no source of telemetry.sources knows users',
    ],
    [
      { rollout: '{ success: { from: counters, scale: { best: 1, worst: 2 } } }' },
      'scale: counters count successes, which need no scale',
    ],
    [
      { rollout: counters, more: `    - { type: prometheus, url: "http://b", metrics: ${metrics} }` },
      'promptline.yaml:6:64: telemetry.sources.1.metrics.success: an earlier source counts it already',
    ],
  ])('is refused with its place: %j', (given, problem) => {
    expect(refusal(() => read({ rollout: counters, ...given })).join('\n')).toContain(problem);
  });

  it.each([
    ['ftp://127.0.0.1', 'must be an http or https address'],
    ['http://ada:secret@127.0.0.1', 'must not hold a name or password'],
  ])('is not at %s', (url, problem) => {
    const text = `families: {}\ntelemetry: { sources: [{ type: prometheus, url: "${url}", metrics: ${metrics} }] }\n`;
    const found = refusal(() => readConfiguration(scratchFolder({ 'promptline.yaml': text }))).join();
    expect(found).toContain(problem);
    expect(found).not.toContain('secret');
  });
});

it('the examples of the documentation are taken', () => {
  const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/telemetry.md'), 'utf8');
  const examples = [...page.matchAll(/```yaml\n([^`]*type: prometheus[^`]*)```/g)].map(([, text]) => text);
  expect(examples).toHaveLength(2);
  for (const text of examples) {
    const folder = scratchFolder({ 'promptline.yaml': `families: {}\n${text}` });
    expect(refusal(() => readConfiguration(folder))).toEqual([]);
  }
});

describe('a selector', () => {
  it.each([
    ['calls_total', { name: 'calls_total', matchers: '' }],
    [' job:calls { } ', { name: 'job:calls', matchers: '' }],
    ['a{b="c", d!~\'e|f\' , g=`h`,}', { name: 'a', matchers: 'b="c", d!~\'e|f\' , g=`h`' }],
    [String.raw`a{b="c\"}"}`, { name: 'a', matchers: String.raw`b="c\"}"` }],
  ])('is read: %s', (text, selector) => {
    expect(parseSelector(text)).toEqual(selector);
  });

  it.each([
    '',
    '{a="b"}',
    'a[5m]',
    'a offset 5m',
    'sum(a)',
    'a{b}',
    'a{b="c"',
    'a{b="c"} or b',
    'a{b="c" d="e"}',
    'a{b="c"}{d="e"}',
  ])('is not: %s', (text) => {
    expect(parseSelector(text)).toBeNull();
  });
});
