import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { contents, promptline, type Result } from '../cli/command-line.ts';
import { scratchFolder } from '../files/scratch.ts';
import type { ScriptInput } from '../protocol-server/script.ts';
import { startProtocolServer } from '../protocol-server/server.ts';

const action = 'promptline/promptline@0123456789abcdef0123456789abcdef01234567';

async function init(folder: string, ...args: string[]): Promise<Result> {
  return promptline(folder, ['init', '--action', action, ...args]);
}

async function server(script: ScriptInput = {}): Promise<string> {
  const started = await startProtocolServer(script);
  onTestFinished(() => started.close());
  return `${started.address}/v1`;
}

/** Names a server in the configuration that `init` wrote. */
function withServer(folder: string, baseUrl: string): void {
  const file = path.join(folder, 'promptline.yaml');
  const provider = `providers:\n  local: { type: openai-compatible, baseUrl: "${baseUrl}" }\n`;
  writeFileSync(file, `${readFileSync(file, 'utf8')}${provider}`);
}

const read = (folder: string, name: string) => readFileSync(path.join(folder, name), 'utf8');

it('an empty repository gets a prompt with data that checks and evaluates as they are', async () => {
  const folder = scratchFolder();
  const first = await init(folder);
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout).toContain('wrote promptline.yaml');
  expect(first.stdout.trimEnd().split('\n').slice(-2)).toEqual([
    'promptline check',
    'promptline evaluate --limit 20',
  ]);
  expect(read(folder, '.gitignore')).toBe('.promptline/\n');

  const check = await promptline(folder, ['check']);
  expect(check).toMatchObject({ code: 0, stderr: '' });
  expect(check.stdout).toBe('1 prompt and 33 examples: no errors.\n');

  const labels = Object.fromEntries(
    parse(read(folder, 'datasets/feedback/test.yaml')).examples.map(
      ({ input, expected }: { input: { text: string }; expected: { intent: string } }) => [
        input.text,
        expected.intent,
      ],
    ),
  );
  withServer(folder, await server({ answers: { rule: 'labels', labels } }));
  const evaluate = await promptline(folder, ['evaluate', '--model', 'local/model', '--json']);
  expect(evaluate.code).toBe(0);
  const { prompts } = JSON.parse(evaluate.stdout);
  expect(prompts[0]).toMatchObject({ id: 'feedback/default', failures: [] });
  expect(prompts[0].metrics.intent_accuracy).toMatchObject({ mean: 1, n: 12 });
});

it('a second run changes nothing and says so', async () => {
  const folder = scratchFolder();
  await init(folder);
  const before = contents(folder);
  const { code, stdout } = await promptline(folder, ['init', '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ schema: 1, written: [], imports: [] });
  expect(JSON.parse(stdout).kept).toContain('.github/workflows/promptline-optimize.yml');
  expect(contents(folder)).toEqual(before);
});

it('a dry run lists what it would write and writes nothing', async () => {
  const folder = scratchFolder({ 'prompts/summary.txt': 'Sum up: {text}' });
  const before = contents(folder);
  const { code, stdout } = await init(folder, '--dry-run');
  expect(code).toBe(0);
  expect(stdout).toContain('would write prompts/summary/default.prompt-draft.yaml');
  expect(stdout).toContain('would write .github/workflows/promptline-evaluate.yml');
  expect(contents(folder)).toEqual(before);
});

it('files that are there stay as they are, and .gitignore gets its line once', async () => {
  const mine = {
    '.gitignore': 'node_modules/',
    'datasets/feedback/test.yaml': 'examples: []\n',
    '.github/workflows/promptline-evaluate.yml': 'name: mine\n',
  };
  const folder = scratchFolder(mine);
  const { stdout } = await init(folder);
  expect(stdout).toContain('kept datasets/feedback/test.yaml: it was there already');
  expect(stdout).toContain('kept .github/workflows/promptline-evaluate.yml: it was there already');
  expect(contents(folder)).toMatchObject({ ...mine, '.gitignore': 'node_modules/\n.promptline/\n' });
});

it('a folder of a repository is named in the workflows, which stand at its top', async () => {
  const top = scratchFolder({ '.git/HEAD': 'ref: refs/heads/main\n' });
  const folder = path.join(top, 'apps/shop');
  mkdirSync(folder, { recursive: true });
  expect((await init(folder)).code).toBe(0);
  expect(existsSync(path.join(folder, '.github'))).toBe(false);
  expect(read(top, '.github/workflows/promptline-optimize.yml')).toContain('root: apps/shop\n');
});

it('a link that leads out of the repository is not written through', async () => {
  const elsewhere = scratchFolder();
  const folder = scratchFolder();
  execFileSync('ln', ['-s', elsewhere, path.join(folder, 'prompts')]);
  const { code, stderr } = await init(folder);
  expect(code).toBe(2);
  expect(stderr).toContain('leads out of the repository');
  expect(contents(elsewhere)).toEqual({});
});

it('without a way to the Action nothing is written, and the error names the option', async () => {
  const folder = scratchFolder();
  const environment = { GITHUB_SERVER_URL: `file://${folder}/nowhere` };
  const unreachable = await promptline(folder, ['init', '--action', 'owner/name@v1'], { environment });
  expect(unreachable.code).toBe(3);
  expect(unreachable.stderr).toContain('--action owner/name@SHA');
  const unknown = await promptline(folder, ['init', '--action', 'nonsense']);
  expect(unknown.code).toBe(2);
  expect(contents(folder)).toEqual({});
});

it('a tag is looked up at the Git server and written as its commit', async () => {
  const folder = scratchFolder();
  const origin = path.join(scratchFolder(), 'owner/name');
  mkdirSync(origin, { recursive: true });
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], {
      cwd: origin,
      encoding: 'utf8',
    });
  git('init', '--quiet');
  git('commit', '--quiet', '--allow-empty', '--message', 'first');
  git('tag', '--annotate', 'v1.2.3', '--message', 'release');
  const commit = git('rev-parse', 'HEAD').trim();
  const environment = { GITHUB_SERVER_URL: pathToFileURL(path.resolve(origin, '../..')).href };
  const { code } = await promptline(folder, ['init', '--action', 'owner/name@v1.2.3'], { environment });
  expect(code).toBe(0);
  expect(read(folder, '.github/workflows/promptline-evaluate.yml')).toContain(
    `uses: owner/name@${commit} # v1.2.3\n`,
  );
});

it('inside Actions the workflows use the Action that runs', async () => {
  const folder = scratchFolder();
  const commit = 'f'.repeat(40);
  const environment = { GITHUB_ACTION_REPOSITORY: 'some/fork', GITHUB_ACTION_REF: commit };
  expect((await promptline(folder, ['init'], { environment })).code).toBe(0);
  expect(read(folder, '.github/workflows/promptline-evaluate.yml')).toContain(`uses: some/fork@${commit} #`);
});
