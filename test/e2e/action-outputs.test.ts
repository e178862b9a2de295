import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { eventsOf } from '../emulator/payloads.ts';
import { runAction } from '../emulator/runner.ts';
import { runningEmulator } from '../emulator/running.ts';
import { filesBelow, scratchFolder } from '../files/scratch.ts';
import { startProtocolServer } from '../protocol-server/server.ts';
import { labelAnswers, labelRepository } from './label-repository.ts';

const actionYaml = path.resolve(import.meta.dirname, '../../action.yml');

it('each output of action.yml is set by a command, and no other', async () => {
  const server = await startProtocolServer({ answers: { rule: 'labels', labels: labelAnswers } });
  const { root, remove } = labelRepository(server.address, { calls: 100 });
  onTestFinished(async () => {
    await server.close();
    remove();
  });
  const emulator = await runningEmulator();
  const files = filesBelow(root);
  const repository = await emulator.repository('octo/app', {
    files: {
      ...files,
      'promptline.yaml': `${files['promptline.yaml']}\nrollout: {}\ntelemetry: { sources: [{ type: otlp-file, path: telemetry }] }\n`,
    },
  });
  const token = emulator.tokens.workflow(repository, { contents: 'write', 'pull-requests': 'write' });
  const event = await eventsOf(emulator.github, repository).schedule('0 3 * * *');
  const results = path.join(scratchFolder(), 'results');
  const outputsOf = async (inputs: Record<string, string>) => {
    const { exitCode, outputs, stdout } = await runAction({
      emulator,
      repository,
      event,
      token,
      inputs: { 'github-token': token, ...inputs },
      prepare(workspace) {
        if (inputs['dir']) cpSync(results, path.join(workspace, inputs['dir']), { recursive: true });
        if (inputs['versions']) tagVersions(workspace, inputs['versions'].split(','));
      },
      inspect(workspace) {
        if (inputs['out']) cpSync(path.join(workspace, inputs['out']), results, { recursive: true });
      },
    });
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });
    return outputs;
  };

  expect(await outputsOf({ command: 'check', out: 'checked' })).toEqual({ 'exit-code': '0', out: 'checked' });
  const evaluated = await outputsOf({ command: 'evaluate', limit: '5', out: 'results' });
  expect(evaluated).toEqual({
    'exit-code': '0',
    out: 'results',
    report: 'results/report.json',
    measured: '["colors/default"]',
    'failed-gates': '[]',
    accepted: '[]',
    calls: '5',
  });
  const ranked = await outputsOf({
    command: 'evaluate colors/default',
    versions: '1.0.0,1.1.0',
    limit: '10',
    out: 'ranked',
  });
  expect(ranked).toMatchObject({ best: 'null', calls: '20' });
  const due = await outputsOf({ command: 'triggers' });
  expect(JSON.parse(due['matrix'] ?? '')).toEqual({ include: [{ family: 'colors', ids: 'colors/default' }] });
  const proposed = await outputsOf({ command: 'propose', dir: 'results' });
  expect(proposed).toEqual({ 'exit-code': '0', proposals: '[]' });
  const released = await outputsOf({ command: 'release' });
  expect(JSON.parse(released['released'] ?? '')).toMatchObject([{ id: 'colors/default' }]);
  const watched = await outputsOf({ command: 'watch --once' });
  expect(watched).toEqual({ 'exit-code': '0', 'under-way': '[]', ready: '[]' });

  const shown = await outputsOf({ command: 'status' });
  expect(JSON.parse(shown['recommendations'] ?? '')).toMatchObject([{ prompt: 'colors/default' }]);
  const harvested = await outputsOf({ command: 'harvest', since: '7d' });
  expect(harvested).toEqual({ 'exit-code': '0', harvested: '[]', versions: '[]' });

  const declared = Object.keys(parse(readFileSync(actionYaml, 'utf8')).outputs);
  const set = new Set(
    [evaluated, ranked, due, proposed, released, watched, shown, harvested].flatMap(Object.keys),
  );
  expect([...set].toSorted()).toEqual(declared.toSorted());
});

/** Releases versions of the prompt that say the same, as tags of one commit each. */
function tagVersions(workspace: string, versions: readonly string[]): void {
  const git = (...given: string[]) => execFileSync('git', given, { cwd: workspace });
  const file = path.join(workspace, 'prompts/colors/default.prompt.yaml');
  const text = readFileSync(file, 'utf8');
  for (const version of versions) {
    writeFileSync(file, text.replace('1.0.0', version));
    git(
      '-c',
      'user.name=a',
      '-c',
      'user.email=a@example.org',
      'commit',
      '--quiet',
      '--allow-empty',
      '-am',
      version,
    );
    git('tag', `prompts/colors/default@${version}`);
  }
}
