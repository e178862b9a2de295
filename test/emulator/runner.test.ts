import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { scratchFolder } from '../files/scratch.ts';
import type { Emulator } from './emulator.ts';
import { eventsOf } from './payloads.ts';
import { runAction } from './runner.ts';
import { clientOf, runningEmulator } from './running.ts';
import type { Repository } from './state.ts';
import { fileCommands, workflowCommands } from './workflow-commands.ts';

const place = { owner: 'octo', repo: 'app' };

async function openPull(emulator: Emulator, source: Repository, head: string) {
  const where = { owner: source.owner.login, repo: source.name };
  const client = clientOf(emulator, emulator.tokens.classic(where.owner));
  const sha = (await source.git.resolve('main')) ?? '';
  await client.rest.git.createRef({ ...where, ref: 'refs/heads/topic', sha });
  const change = { path: 'new.txt', message: 'New', content: 'bmV3Cg==', branch: 'topic' };
  await client.rest.repos.createOrUpdateFileContents({ ...where, ...change });
  await client.rest.pulls.create({ ...place, title: 'Change', head, base: 'main' });
}

/** An Action that shows where it is, and uses what a runner gives. */
const SCRIPT = `
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
const { env } = process;
const event = JSON.parse(readFileSync(env.GITHUB_EVENT_PATH, 'utf8'));
appendFileSync(env.GITHUB_OUTPUT, 'file<<END\\n' + readFileSync('new.txt', 'utf8') + 'END\\nnumber=' + event.number + '\\n');
writeFileSync('made', 'yes');
appendFileSync(env.GITHUB_STEP_SUMMARY, '# Report\\n');
console.log('::error file=prompt.yaml,line=3,title=a%2Cb::wrong%0Aagain');
console.log(JSON.stringify(Object.keys(env).sort()));
const response = await fetch(env.GITHUB_API_URL + '/repos/' + env.GITHUB_REPOSITORY + '/issues/1/comments', {
  method: 'POST',
  headers: { authorization: 'Bearer ' + env['INPUT_GITHUB-TOKEN'] },
  body: JSON.stringify({ body: 'leak: ' + env.API_KEY + readFileSync('.git/config', 'utf8').includes('extraheader') }),
});
process.exitCode = response.status === 201 ? 0 : 1;
`;

it('runs an action in a checkout of the merge, with a runner’s files and variables', async () => {
  const emulator = await runningEmulator();
  const repository = await emulator.repository('octo/app');
  await openPull(emulator, repository, 'topic');
  const token = emulator.tokens.workflow(repository, { contents: 'read', 'pull-requests': 'write' });
  const result = await runAction({
    emulator,
    repository,
    event: await eventsOf(emulator.github, repository).pullRequest(1, 'opened'),
    token,
    inputs: { 'github-token': token },
    environment: { API_KEY: 'sk-secret' },
    bundle: path.join(scratchFolder({ 'action.mjs': SCRIPT }), 'action.mjs'),
    prepare: (workspace) => expect(readdirSync(workspace).sort()).toEqual(['.git', 'README.md', 'new.txt']),
    inspect: (workspace) => expect(readFileSync(path.join(workspace, 'made'), 'utf8')).toBe('yes'),
  });
  expect(result).toMatchObject({ exitCode: 0, outputs: { file: 'new', number: '1' }, summary: '# Report\n' });
  expect(result.commands).toEqual([
    { name: 'error', properties: { file: 'prompt.yaml', line: '3', title: 'a,b' }, message: 'wrong\nagain' },
  ]);
  expect(result.stdout).not.toContain('NODE_OPTIONS');
  expect(result.sent.map(({ line, status }) => [line, status])).toEqual([
    ['POST /api/v3/repos/octo/app/issues/1/comments', 201],
  ]);
  const everything = await emulator.everythingReceived();
  expect(everything).toContain('leak: sk-secretfalse');
  expect(everything).not.toContain(token);
});

it('finds a secret that was pushed', async () => {
  const emulator = await runningEmulator();
  const repository = await emulator.repository('octo/app');
  await repository.git.writeBlob(Buffer.from('key: sk-secret\n'));
  expect(await emulator.everythingReceived()).toContain('sk-secret');
});

it('gives a job for a fork a token that cannot write', async () => {
  const emulator = await runningEmulator();
  const repository = await emulator.repository('octo/app');
  await openPull(emulator, await emulator.fork(repository, 'mallory'), 'mallory:topic');
  const token = emulator.tokens.workflow(repository, { 'pull-requests': 'write' }, { fork: true });
  const result = await runAction({
    emulator,
    repository,
    event: await eventsOf(emulator.github, repository).pullRequest(1, 'opened'),
    token,
    inputs: { 'github-token': token },
    bundle: path.join(scratchFolder({ 'action.mjs': SCRIPT }), 'action.mjs'),
  });
  expect(result).toMatchObject({ exitCode: 1, outputs: { file: 'new' }, sent: [{ status: 403 }] });
});

it('runs the built bundle', async () => {
  const emulator = await runningEmulator();
  const repository = await emulator.repository('octo/app');
  const token = emulator.tokens.workflow(repository, { contents: 'read' });
  const event = await eventsOf(emulator.github, repository).schedule('0 3 * * *');
  const result = await runAction({ emulator, repository, event, token, inputs: { command: 'check' } });
  expect(result).toMatchObject({ exitCode: 1, outputs: { 'exit-code': '2' }, sent: [] });
  expect(result.commands).toMatchObject([
    { name: 'stop-commands' },
    { name: 'error', message: 'promptline check ended with exit code 2' },
  ]);
});

it('reads commands as a runner does', () => {
  const stdout =
    '::notice::a\n  ::debug::b\nx ::error::no\n::stop-commands::t1\n::error::quiet\n##[error]quiet\n::t1::\n::add-mask::s\r\nx ##[add-mask]t\n';
  expect(workflowCommands(stdout).map(({ name, message }) => [name, message])).toEqual([
    ['notice', 'a'],
    ['debug', 'b'],
    ['stop-commands', 't1'],
    ['add-mask', 's'],
    ['add-mask', 't'],
  ]);
  expect(fileCommands('a=1=2\nb<<X\nc=3\n\nX\n')).toEqual({ a: '1=2', b: 'c=3\n' });
  expect(() => fileCommands('b<<X\nc\n')).toThrow(/does not come again/);
});
