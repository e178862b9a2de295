import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { run } from './in-process.ts';
import { labelRepository } from './label-repository.ts';

let root: string;

beforeEach(() => {
  const repository = labelRepository('http://127.0.0.1:9', { calls: 100 });
  onTestFinished(repository.remove);
  root = repository.root;
});

const broken = (name: string) =>
  writeFileSync(path.join(root, 'prompts', 'colors', `${name}.prompt.yaml`), 'messages: [\n');

it('names a prompt that was never optimized', async () => {
  expect(await run(root, ['triggers'])).toMatchObject({
    code: 0,
    stdout: 'colors/default: it was never optimized\n',
    stderr: '',
  });
});

it('names a prompt that does not load, and goes on with the others', async () => {
  broken('other');
  const { code, stdout, stderr } = await run(root, ['triggers']);
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'colors/default: it was never optimized\n' });
  expect(stderr).toMatch(/^prompts\/colors\/other\.prompt\.yaml:2:1: /);
});

it('fails where no prompt loads, in place of saying that nothing is due', async () => {
  broken('default');
  const { code, stdout, stderr } = await run(root, ['triggers', 'colors/default']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^prompts\/colors\/default\.prompt\.yaml:2:1: /);
});
