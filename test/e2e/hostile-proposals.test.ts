import { cpSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { eventsOf } from '../emulator/payloads.ts';
import { runAction } from '../emulator/runner.ts';
import { runningEmulator } from '../emulator/running.ts';
import { isPull } from '../emulator/state.ts';
import { filesBelow, scratchFolder } from '../files/scratch.ts';
import { hostileCompletions } from '../hostile/completions.ts';
import { expectQuietLog, expectSoundFiles } from '../hostile/expectations.ts';
import { activeIn, unseenIn } from '../hostile/inert-markdown.ts';
import { startProtocolServer } from '../protocol-server/server.ts';
import { environment, parcelsRepository } from './parcels-repository.ts';

/** What an instruction may hold and a proposer would write into it. */
const writable = hostileCompletions.filter(
  ({ text }) =>
    text.length < 300 && !text.includes('{{') && unseenIn(text.replace(/[\r\t]/g, '')).length === 0,
);
/** Characters of them that one proposal adds; the guard rails end an instruction at 3,000, and each proposal builds on another. */
const ROOM = 250;

/** Hostile completions, other ones at each call, until there is no room. */
function* portions(): Generator<string> {
  for (let at = 0; ; ) {
    const taken: string[] = [];
    for (let length = 0; length < ROOM; at += 1) {
      const text = writable[at % writable.length]?.text ?? '';
      taken.push(text);
      length += text.length + 1;
    }
    yield taken.join('\n');
  }
}

it('what a proposer writes into a prompt does nothing in the pull request that proposes it', async () => {
  const made = await parcelsRepository({ calls: 700 });
  const { port } = made.writer;
  await made.writer.close();
  const next = portions();
  const evil = await startProtocolServer({}, port, (messages) =>
    made.world.propose(messages).replace('\n</instruction>', () => `\n${next.next().value}\n</instruction>`),
  );
  onTestFinished(() => evil.close());
  const emulator = await runningEmulator();
  const repository = await emulator.repository('octo/app', { files: filesBelow(made.root) });
  const results = path.join(scratchFolder(), 'results');
  const event = await eventsOf(emulator.github, repository).schedule('23 3 * * *');

  const found = await runAction({
    emulator,
    repository,
    event,
    token: emulator.tokens.workflow(repository, { contents: 'read' }),
    inputs: { command: 'optimize', strategy: 'reflection', out: 'results' },
    environment,
    inspect: (workspace) => cpSync(path.join(workspace, 'results'), results, { recursive: true }),
  });
  expect(found).toMatchObject({ exitCode: 0, outputs: { accepted: '["parcels/codes"]' } });
  expectQuietLog(found);
  expect(activeIn(found.summary)).toEqual([]);
  expectSoundFiles(results);

  const token = emulator.tokens.workflow(repository, { contents: 'write', 'pull-requests': 'write' });
  const proposed = await runAction({
    emulator,
    repository,
    event,
    token,
    inputs: { command: 'propose', dir: 'results', 'github-token': token },
    prepare: (workspace) => cpSync(results, path.join(workspace, 'results'), { recursive: true }),
  });
  expect(proposed).toMatchObject({ exitCode: 0 });
  expectQuietLog(proposed);
  const [pull] = [...repository.issues.values()].filter(isPull);
  const body = pull?.body ?? '';
  expect(body).toMatch(/<details>\n<summary>What changed in the prompt/);
  const marker = /^<!-- promptline proposal inputs=[0-9a-f]{64} content=[0-9a-f]{64} -->\n/;
  expect(activeIn(body, { marker })).toEqual([]);
  expect(activeIn(pull?.title ?? '')).toEqual([]);
  const commit = await repository.git.commit(pull?.pull.headSha ?? '');
  const [headline = '', ...rest] = commit.message.split('\n');
  expect(activeIn(headline)).toEqual([]);
  expect(rest.join('\n')).toMatch(/\nPromptline-Proposal: [0-9a-f]{64}\n?$/);
  expect(activeIn(rest.join('\n'))).toEqual([]);
});
