import { expect, it, onTestFinished } from 'vitest';
import { readMonitoring } from '../../src/commands/monitor.ts';
import { openWorkspace } from '../../src/commands/workspace.ts';
import { familiesRepository } from '../e2e/families-repository.ts';
import { callLine, start } from '../telemetry/otlp-lines.ts';

const day = 86_400_000;

it('one reading of telemetry serves who looks back further, and what is monitored stays what it was', async () => {
  const repository = familiesRepository('http://127.0.0.1:9');
  onTestFinished(repository.delete);
  repository.edit(
    'promptline.yaml',
    'families:',
    'telemetry: { sources: [{ type: otlp-file, path: telemetry }] }\nfamilies:',
  );
  const days = [0, 10, 20, 29];
  repository.write(
    'telemetry/data.json',
    days
      .map((each) =>
        callLine({ at: each * day, user: `user ${each}`, version: '1.0.0', prompt: 'moods/default' }),
      )
      .join(''),
  );
  const now = start + 30 * day;
  const terminal = { out() {}, note() {}, rewrite: null, color: false, columns: 80, now: () => now };
  const heard: number[] = [];
  const listener = {
    since: start + 5 * day,
    async add({ call }: { readonly call: { readonly at: number } }) {
      heard.push((call.at - start) / day);
    },
  };
  const monitored = await readMonitoring({ terminal, environment: {} }, openWorkspace(repository.root), {
    listener,
  });
  expect(heard).toEqual([10, 20, 29]);
  const seen = monitored?.traffic.get('moods/default')?.calls.map(({ at }) => (at - start) / day);
  expect(seen).toEqual([20, 29]);
});
