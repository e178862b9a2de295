import { expect, it, onTestFinished } from 'vitest';
import { readMonitoring } from '../../src/commands/monitor.ts';
import { openWorkspace } from '../../src/commands/workspace.ts';
import { familiesRepository } from '../e2e/families-repository.ts';
import { callLine, start } from '../telemetry/otlp-lines.ts';

const day = 86_400_000;

/** A repository with telemetry, and a clock that shows `now` at each look. */
function repositoryWith(telemetry: string, now: () => number) {
  const repository = familiesRepository('http://127.0.0.1:9');
  onTestFinished(repository.delete);
  repository.edit(
    'promptline.yaml',
    'families:',
    'telemetry: { sources: [{ type: otlp-file, path: telemetry }] }\nfamilies:',
  );
  repository.write('telemetry/data.json', telemetry);
  const terminal = { out() {}, note() {}, rewrite: null, color: false, columns: 80, now };
  return { host: { terminal, environment: {} }, workspace: openWorkspace(repository.root) };
}

it('reading ends when its time is over, although it found no call', async () => {
  let now = start;
  const spans = Array.from({ length: 3 }, () => '{"resourceSpans":[]}\n');
  const { host, workspace } = repositoryWith(spans.join(''), () => (now += 1000));
  await expect(readMonitoring(host, workspace, { timeLimit: 500 })).rejects.toThrow(
    'reading telemetry takes longer than it may',
  );
  expect(await readMonitoring(host, workspace)).toMatchObject({ irregularities: [] });
});

it('one reading of telemetry serves who looks back further, and what is monitored stays what it was', async () => {
  const telemetry = [0, 10, 20, 29].map((each) =>
    callLine({ at: each * day, user: `user ${each}`, version: '1.0.0', prompt: 'moods/default' }),
  );
  const { host, workspace } = repositoryWith(telemetry.join(''), () => start + 30 * day);
  const heard: number[] = [];
  const listener = {
    since: start + 5 * day,
    async add({ call }: { readonly call: { readonly at: number } }) {
      heard.push((call.at - start) / day);
    },
  };
  const monitored = await readMonitoring(host, workspace, { listener });
  expect(heard).toEqual([10, 20, 29]);
  const seen = monitored?.traffic.get('moods/default')?.calls.map(({ at }) => (at - start) / day);
  expect(seen).toEqual([20, 29]);
});
