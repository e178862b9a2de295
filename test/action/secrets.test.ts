import { expect, it } from 'vitest';
import { configuredSecrets } from '../../src/commands/action/secrets.ts';
import { scratchFolder } from '../files/scratch.ts';

it('what sources of telemetry are asked with is hidden', () => {
  const source = (name: string, metric: string) =>
    `{ type: prometheus, url: "http://a", ${name}, metrics: { ${metric}: { total: a, good: b } } }`;
  const sources = [source('tokenEnv: TOKEN', 'success'), source('basicAuthEnv: PAIR', 'latency')];
  const text = `families: {}\ntelemetry: { sources: [${sources.join(', ')}] }\n`;
  const environment = { TOKEN: 'a-token\n', PAIR: 'ada:password', OTHER: 'other' };
  expect(configuredSecrets(environment, scratchFolder({ 'promptline.yaml': text }))).toEqual([
    'a-token',
    'ada:password',
  ]);
});
