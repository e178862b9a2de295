import { expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { eventsOf } from '../emulator/payloads.ts';
import { runAction } from '../emulator/runner.ts';
import { runningEmulator } from '../emulator/running.ts';
import { startProtocolServer } from '../protocol-server/server.ts';

const apiKey = 'key-of-the-configuration';

/** A job whose step before made keys: nobody hid them. */
async function evaluate(configuration: (address: string) => string, environment: Record<string, string>) {
  const server = await startProtocolServer({ apiKey, answers: { rule: 'echo' } });
  onTestFinished(() => server.close());
  const emulator = await runningEmulator();
  const repository = await emulator.repository('octo/app', {
    files: {
      'shop/promptline.yaml': configuration(server.address),
      'shop/prompts/words/default.prompt.yaml': stringify({
        version: '1.0.0',
        output: { format: 'text', field: 'answer' },
        messages: [{ role: 'user', content: '{{text}}' }],
      }),
      'shop/datasets/words/test.yaml': stringify({
        examples: [{ id: 'a', input: { text: 'a' }, expected: { answer: 'a' } }],
      }),
    },
  });
  const token = emulator.tokens.workflow(repository, { contents: 'read' });
  return runAction({
    emulator,
    repository,
    event: await eventsOf(emulator.github, repository).schedule('0 3 * * *'),
    token,
    inputs: { command: 'evaluate', root: 'shop', out: 'results', 'github-token': token },
    environment,
  });
}

const sound = (address: string) =>
  stringify({
    version: 1,
    models: { task: 'local/model' },
    providers: { local: { type: 'openai-compatible', baseUrl: `${address}/v1`, apiKeyEnv: 'SHOP_KEY' } },
    telemetry: { sources: [{ type: 'postgres', urlEnv: 'SHOP_DATABASE' }] },
    families: { words: { datasets: 'datasets/words', metrics: { exact_match: { field: 'answer' } } } },
  });

it('keys that providers are asked with are hidden in the log before anything is said', async () => {
  const { commands, exitCode, stdout } = await evaluate(sound, {
    SHOP_KEY: `${apiKey}\n`,
    OPENAI_API_KEY: 'sk-usual',
    OTHER_VALUE: 'no-key-at-all',
    SHOP_DATABASE: 'postgres://shop:pass%20word@127.0.0.1/shop',
  });
  expect(exitCode).toBe(0);
  const masked = commands.filter(({ name }) => name === 'add-mask').map(({ message }) => message);
  const database = ['postgres://shop:pass%20word@127.0.0.1/shop', 'pass%20word', 'pass word'];
  expect(masked).toEqual([expect.stringMatching(/^ghs_/), 'sk-usual', apiKey, ...database]);
  expect(commands.slice(0, masked.length).every(({ name }) => name === 'add-mask')).toBe(true);
  const rest = stdout.split('\n').filter((line) => !line.startsWith('::add-mask::'));
  expect(rest.join('\n')).not.toMatch(/sk-usual|key-of-the-configuration|no-key-at-all/);
});

it('keys under usual names are hidden where the configuration cannot be read', async () => {
  const { commands, outputs } = await evaluate(() => 'version: [', {
    SHOP_KEY: apiKey,
    OPENAI_API_KEY: 'sk-usual',
  });
  expect(outputs['exit-code']).toBe('2');
  expect(commands.filter(({ name }) => name === 'add-mask').map(({ message }) => message)).toEqual([
    expect.stringMatching(/^ghs_/),
    'sk-usual',
  ]);
});

it('a key that a provider repeats is in no report', async () => {
  const wrong = 'another-key-than-it-takes';
  const { stdout, summary, outputs } = await evaluate(sound, { SHOP_KEY: wrong });
  expect(outputs['exit-code']).toBe('3');
  const said = stdout.split('\n').filter((line) => !line.startsWith('::add-mask::'));
  expect(`${said.join('\n')}${summary}`).toContain('401');
  expect(`${said.join('\n')}${summary}`).not.toContain(wrong);
});
