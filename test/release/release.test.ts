import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { assign } from '../../src/rollout/assign.ts';
import { validateManifest } from '../../src/rollout/validate-manifest.ts';
import { openPrompts } from '../../src/runtime/runtime.ts';
import { eventsOf } from '../emulator/payloads.ts';
import { clientOf } from '../emulator/running.ts';
import { scratchFolder } from '../files/scratch.ts';
import { digestOf, oneRepository, promptText, second } from './released-repository.ts';

const digest = (text: string) => createHash('sha256').update(text).digest('hex');
const first = 'prompts/mood/default@1.0.0';
const next = 'prompts/mood/default@1.1.0';

// Writes to GitHub keep a second's distance.
describe('release', () => {
  it('publishes a merged version with all its files and notes', async () => {
    const { release, merge, releases, repository } = await oneRepository({ rollout: '' });
    expect(await release()).toMatchObject({ exitCode: 0 });
    const commit = await merge(second);
    const { exitCode, outputs } = await release();
    expect(exitCode).toBe(0);
    expect(JSON.parse(outputs['released'] ?? '')).toMatchObject([
      { id: 'mood/default', version: '1.1.0', outcome: 'released', why: null, rollout: null },
    ]);
    expect(Object.keys(releases())).toEqual([first, next]);
    expect(await repository.git.resolve(`refs/tags/${next}`)).toBe(commit);
    const { assets, notes } = releases()[next]!;
    const { SHA256SUMS: sums = '', ...files } = assets;
    expect(Object.keys(files)).toEqual([
      'default.prompt.yaml',
      'rendered.txt',
      'scorecard.json',
      'comparison.json',
      'provenance.json',
    ]);
    expect(sums).toBe(
      Object.entries(files)
        .map(([name, text]) => `${digest(text)}  ${name}\n`)
        .join(''),
    );
    expect(files['default.prompt.yaml']).toBe(second['prompts/mood/default.prompt.yaml']);
    expect(files['rendered.txt']).toContain('[system]\nIs the mood good or bad?');
    expect(JSON.parse(files['scorecard.json'] ?? '')).toMatchObject({
      version: '1.1.0',
      objective: { mean: 0.8 },
    });
    expect(JSON.parse(files['comparison.json'] ?? '')).toMatchObject({
      from: { version: '1.0.0', scores: { objective: { mean: 0.7 } } },
      comparable: true,
      diff: expect.arrayContaining(['-  Good or bad?', '+  Is the mood good or bad?']),
    });
    expect(JSON.parse(files['provenance.json'] ?? '')).toMatchObject({
      commit,
      repository: 'octo/app',
      run: expect.stringContaining('/octo/app/actions/runs/4242'),
      sha256: digest(files['default.prompt.yaml'] ?? ''),
      tool: { name: 'promptline' },
    });
    expect(notes).toContain('| objective | 0.7 (0.6 to 0.9) | 0.8 (0.6 to 0.9) | 40 |');
    expect(notes).toContain('+  Is the mood good or bad?');
  });

  it('does nothing the second time', async () => {
    const { release, merge, releases, branch, emulator } = await oneRepository();
    await release();
    await merge(second);
    await release();
    const before = { releases: releases(), branch: await branch() };
    const { exitCode, outputs, sent } = await release();
    expect(exitCode).toBe(0);
    expect(JSON.parse(outputs['released'] ?? '')).toMatchObject([{ outcome: 'unchanged', rollout: null }]);
    expect({ releases: releases(), branch: await branch() }).toEqual(before);
    expect(sent.filter(({ line }) => /^(POST|PATCH|PUT|DELETE) \/api/.test(line))).toEqual([]);
    expect(emulator.operations.get('repos/delete-release')).toBeUndefined();
  });

  it('starts a rollout, which the manifest serves to a tenth of users', async () => {
    const { release, merge, branch, releases, repository } = await oneRepository({ immutableReleases: true });
    await release();
    expect((await branch())?.states['mood/default']).toMatchObject({
      stable: { version: '1.0.0' },
      canary: null,
    });
    const commit = await merge(second);
    const { outputs } = await release();
    expect(JSON.parse(outputs['released'] ?? '')).toMatchObject([{ rollout: 'started 10 %' }]);
    const { manifest, manifestText, page, states, commits } = (await branch())!;
    expect(commits).toBe(2);
    expect(() => validateManifest(manifestText)).not.toThrow();
    const shares = Array.from({ length: 10_000 }, (_, user) =>
      assign(manifest, 'mood/default', `user ${user}`),
    );
    const canary = shares.filter(({ arm }) => arm === 'canary');
    expect(canary.length).toBeGreaterThan(900);
    expect(canary.length).toBeLessThan(1100);
    expect(canary[0]?.variant).toEqual({
      ref: next,
      version: '1.1.0',
      sha256: digestOf('Is the mood good or bad?'),
    });
    expect(states['mood/default']).toMatchObject({
      stable: { version: '1.0.0' },
      canary: { percent: 10, release: { version: '1.1.0' } },
    });
    expect(page).toContain('**1.1.0 goes to 10 %** of users');
    expect(Object.keys(releases())).toEqual([
      first,
      'rollouts/mood/default@1.0.0/100',
      next,
      'rollouts/mood/default@1.1.0/010',
    ]);
    expect(releases()['rollouts/mood/default@1.1.0/010']?.notes).toContain('started at 10 %');
    expect(await repository.git.resolve('refs/tags/rollouts/mood/default@1.1.0/010')).toBe(commit);
  });

  it('leaves what applications read: the runtime serves the released wording', async () => {
    const { release, merge, repository } = await oneRepository();
    await release();
    await merge(second);
    await release();
    const folder = scratchFolder();
    const show = (file: string) => repository.git.text('show', `promptline-rollouts:${file}`);
    for (const file of ['flags.json', `${first}.json`, `${next}.json`]) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), await show(file));
    }
    const onError = (error: Error) => expect.fail(error.message);
    const prompts = await openPrompts({ manifest: path.join(folder, 'flags.json'), onError });
    onTestFinished(() => prompts.close());
    const served = new Map<string, string>();
    for (let user = 0; user < 200; user += 1) {
      const { version, messages } = prompts.for('mood/default', {
        user: `user ${user}`,
        variables: { text: 'Fine.' },
      });
      served.set(version, messages[0]?.content ?? '');
    }
    expect(Object.fromEntries(served)).toEqual({
      '1.0.0': 'Good or bad?',
      '1.1.0': 'Is the mood good or bad?',
    });
  });

  it('is made from the commit, whatever lies in the working tree', async () => {
    const { release, releases } = await oneRepository();
    await release({
      prepare: (workspace) =>
        writeFileSync(path.join(workspace, 'prompts/mood/default.prompt.yaml'), promptText('9.0.0', 'Draft')),
    });
    expect(Object.keys(releases())).toEqual([first, 'rollouts/mood/default@1.0.0/100']);
  });

  it('names a version that was changed without being raised, and releases the others', async () => {
    const { release, merge, releases, repository } = await oneRepository();
    await release();
    const before = await repository.git.resolve(`refs/tags/${first}`);
    await merge({
      'prompts/mood/default.prompt.yaml': promptText('1.0.0', 'Something else?'),
      'prompts/mood/other.prompt.yaml': promptText('0.1.0', 'Another?'),
      'prompts/mood/draft.prompt.yaml': promptText('0.0.0', 'A draft?'),
      'prompts/mood/broken.prompt.yaml': 'messages: nothing\n',
    });
    const { outputs, stdout } = await release();
    expect(outputs['exit-code']).toBe('2');
    expect(stdout).toContain(
      `prompts/mood/default.prompt.yaml: mood/default 1.0.0 is released with another content, which the tag ${first} holds. A release never changes: raise \`version:\``,
    );
    expect(stdout).toContain('prompts/mood/broken.prompt.yaml:1:11: ');
    expect(JSON.parse(outputs['released'] ?? '')).toMatchObject([
      { id: 'mood/broken', version: '', outcome: 'failed' },
      { id: 'mood/default', outcome: 'failed' },
      { id: 'mood/draft', outcome: 'unnamed', why: 'its file names no version' },
      { id: 'mood/other', outcome: 'released', rollout: 'finished 100 %' },
    ]);
    expect(await repository.git.resolve(`refs/tags/${first}`)).toBe(before);
    expect(Object.keys(releases())).toContain('prompts/mood/other@0.1.0');
  });

  it('takes a comment for no change', async () => {
    const { release, merge, branch } = await oneRepository();
    await release();
    await merge({
      'prompts/mood/default.prompt.yaml': `# A comment\n${promptText('1.0.0', 'Good or bad?')}`,
    });
    const { outputs } = await release();
    expect(JSON.parse(outputs['released'] ?? '')).toMatchObject([{ outcome: 'unchanged' }]);
    expect((await branch())?.commits).toBe(1);
  });

  it('says that a tag name is spent, and goes on with the others', async () => {
    const { release, merge, repository, releases } = await oneRepository({ immutableReleases: true });
    repository.burnedTags.add(next);
    await merge({ ...second, 'prompts/mood/other.prompt.yaml': promptText('0.1.0', 'Another?') });
    const { outputs, stdout } = await release();
    expect(outputs['exit-code']).toBe('2');
    expect(stdout).toContain(`the tag ${next} belonged to an immutable release that was deleted`);
    expect(stdout).toContain('raise the version');
    expect(JSON.parse(outputs['released'] ?? '')).toMatchObject([
      { id: 'mood/default', outcome: 'burned', rollout: null },
      { id: 'mood/other', outcome: 'released' },
    ]);
    expect(Object.keys(releases())).toContain('prompts/mood/other@0.1.0');
  });

  it('takes up the draft of a prompt whose name GitHub would change in the name of a file', async () => {
    const { release, releases, emulator } = await oneRepository({
      rollout: '',
      files: { 'prompts/mood/größe.prompt.yaml': promptText('1.0.0', 'How big?') },
    });
    emulator.inject({ on: 'repos/update-release', fault: { kind: 'status', status: 422 }, times: 2 });
    expect((await release()).exitCode).toBe(1);
    expect(await release()).toMatchObject({ exitCode: 0 });
    const { SHA256SUMS: sums = '', ...files } = releases()['prompts/mood/größe@1.0.0']?.assets ?? {};
    const expected = Object.entries(files).map(([name, text]) => `${digest(text)}  ${name}\n`);
    expect(sums).toBe(expected.join(''));
    expect(files['prompt.yaml']).toBe(promptText('1.0.0', 'How big?'));
  });

  it("leaves a person's draft of the same name alone", async () => {
    const { release, releases, repository, emulator } = await oneRepository({ rollout: '' });
    const person = clientOf(emulator, emulator.tokens.classic('octo'));
    await person.rest.repos.createRelease({
      owner: 'octo',
      repo: 'app',
      tag_name: first,
      name: 'Mine',
      draft: true,
    });
    expect((await release()).exitCode).toBe(0);
    expect(releases()[first]?.notes).toContain('The first release of this prompt.');
    const drafts = [...repository.releases.values()].filter(({ draft }) => draft);
    expect(drafts.map(({ name, assets }) => [name, assets])).toEqual([['Mine', []]]);
  });

  it('names the permission that is missing', async () => {
    const { release, repository, emulator } = await oneRepository();
    const reading = emulator.tokens.workflow(repository, { contents: 'read' });
    const { outputs, stdout } = await release({ inputs: { 'github-token': reading } });
    expect(outputs['exit-code']).toBe('3');
    expect(stdout).toContain('The token needs `contents: write`');
  });

  it('refuses a commit that is not merged', async () => {
    const { release, repository, token, emulator } = await oneRepository();
    const { git } = repository;
    const { tree } = await git.commit((await git.resolve('main')) ?? '');
    const person = { name: 'ada', email: 'ada@example.org', date: '2026-03-01T00:00:00Z' };
    const sha = await git.writeCommit({
      tree,
      parents: [],
      author: person,
      committer: person,
      message: 'x\n',
    });
    await git.update('refs/heads/feature', '0'.repeat(40), sha);
    const event = await eventsOf(emulator.github, repository).push('feature');
    const { outputs, stdout } = await release({ event, token });
    expect(outputs['exit-code']).toBe('2');
    expect(stdout).toContain('is not on the branch main of octo/app');
  });

  it('releases a text that was reverted under a new version, and refuses to roll it out', async () => {
    const { release, merge, revert, branch, releases } = await oneRepository();
    await release();
    await merge(second);
    await release();
    await revert();
    const before = await branch();
    const quiet = await release();
    expect(quiet.outputs['exit-code']).toBe('0');
    expect(JSON.parse(quiet.outputs['released'] ?? '')).toMatchObject([
      { outcome: 'unchanged', rollout: expect.stringContaining('was reverted as 1.1.0') },
    ]);
    await merge({ 'prompts/mood/default.prompt.yaml': promptText('1.1.1', 'Is the mood good or bad?') });
    const { outputs, stdout } = await release();
    expect(JSON.parse(outputs['released'] ?? '')).toMatchObject([{ version: '1.1.1', outcome: 'released' }]);
    expect(Object.keys(releases())).toContain('prompts/mood/default@1.1.1');
    expect(stdout).toContain('was reverted as 1.1.0');
    expect(outputs['exit-code']).toBe('1');
    expect(await branch()).toEqual(before);
  });

  it('gives two that run at once one release', async () => {
    const { release, merge, releases, branch } = await oneRepository();
    await release();
    await merge(second);
    const results = await Promise.all([release(), release()]);
    expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(Object.keys(releases())).toEqual([
      first,
      'rollouts/mood/default@1.0.0/100',
      next,
      'rollouts/mood/default@1.1.0/010',
    ]);
    expect((await branch())?.commits).toBe(2);
  });
});
