import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { sendAlert } from '../../src/commands/rollouts/alerts.ts';
import type { LogEntry } from '../../src/rollout/state.ts';

const entry: LogEntry = {
  at: '2026-03-01T00:00:00.000Z',
  what: 'held',
  version: '1.1.0',
  percent: 10,
  generation: 2,
  by: 'promptline',
  reasons: ['success: 76 % <!channel> & <https://evil.example|click>'],
  evidence: null,
};
const alert = { prompt: 'mood/default', entry };
const slack = { type: 'slack', urlEnv: 'HOOK' } as const;

/** A webhook that answers with these codes, one after the other, and keeps what it got. */
async function webhook(...codes: number[]) {
  const got: { text: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      got.push(JSON.parse(body));
      response.writeHead(codes[got.length - 1] ?? 200).end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret`;
  return { got, url };
}

function places(HOOK: string, issues: string[] = []) {
  const openIssue = async ({ title }: { title: string }) => {
    issues.push(title);
    return { number: 1, url: '' };
  };
  return { host: { openIssue }, environment: { HOOK } };
}

it("a webhook is told in Slack's format, in which nothing of a stranger's acts", async () => {
  const { got, url } = await webhook();
  await sendAlert([slack], alert, places(url));
  const [message] = got;
  expect(message?.text).toContain('*mood/default 1.1.0 is held at 10 %*');
  expect(message?.text).toContain('&lt;!channel&gt; &amp; &lt;https://evil.example|click&gt;');
  expect(message?.text).not.toMatch(/<|>/);
});

it('a webhook that fails once is asked again; one that goes on failing is named without its address', async () => {
  const once = await webhook(500);
  await sendAlert([slack], alert, places(once.url));
  expect(once.got).toHaveLength(2);
  const never = await webhook(500, 500);
  const failure: Error = await sendAlert([slack], alert, places(never.url)).catch((error) => error);
  expect(failure.message).toBe('the webhook of HOOK was not told of mood/default: it answered 500');
  const nobody: Error = await sendAlert([slack], alert, places('http://127.0.0.1:1/secret')).catch(
    (error) => error,
  );
  expect(nobody.message).toBe('the webhook of HOOK was not told of mood/default: no connection');
});

it('one way that fails keeps no other from being tried', async () => {
  const issues: string[] = [];
  const sent = sendAlert([slack, { type: 'issue' }], alert, places('', issues));
  await expect(sent).rejects.toThrow('HOOK is not set');
  expect(issues).toEqual(['mood/default 1.1.0 is held at 10 %']);
  await sendAlert(
    [{ type: 'issue' }],
    { ...alert, entry: { ...entry, what: 'reverted' } },
    places('', issues),
  );
  // It has an issue of its own.
  expect(issues).toHaveLength(1);
});
