import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { withActionTable } from '../../scripts/action-table.ts';
import { readInputs } from '../../src/commands/action/inputs.ts';
import { run } from '../e2e/in-process.ts';
import { scratchFolder } from '../files/scratch.ts';

const root = path.resolve(import.meta.dirname, '../..');
const actionYaml = readFileSync(path.join(root, 'action.yml'), 'utf8');
const { inputs } = z
  .object({ inputs: z.record(z.string(), z.object({ description: z.string() })) })
  .parse(parse(actionYaml));

const commands = ['check', 'evaluate', 'merge', 'optimize', 'triggers', 'propose', 'report'];
/** Options of the command line that the Action decides itself. */
const own = {
  json: 'results are outputs',
  'dry-run': 'a job that measures nothing shows nothing',
  write: 'a checkout ends with its job: versions go to pull requests',
  help: 'for people at a terminal',
};

/** The commands an input's description begins with; all where it names none. */
function commandsOf(description: string): string[] {
  const [, named] = /^([a-z, ]+): /.exec(description) ?? [];
  return named?.split(', ') ?? commands;
}

function read(given: Readonly<Record<string, string>>) {
  for (const [name, value] of Object.entries(given)) vi.stubEnv(`INPUT_${name.toUpperCase()}`, value);
  try {
    return readInputs(null, 'results');
  } finally {
    vi.unstubAllEnvs();
  }
}

async function optionsOf(command: string): Promise<string[]> {
  const { stdout } = await run(scratchFolder(), [command, '--help']);
  return [...stdout.matchAll(/^ {2}(?:-\w, )?--([a-z-]+)/gm)].map(([, name = '']) => name);
}

describe.each(Object.entries(inputs).filter(([name]) => name !== 'command'))(
  'the input %s',
  (name, { description }) => {
    it.each(commandsOf(description))('says something to %s', (command) => {
      expect(read({ command, [name]: 'value' })).not.toEqual(read({ command }));
    });
  },
);

it('the input command is the command', () => {
  for (const command of commands) {
    expect(inputs['command']?.description).toContain(`\`${command}\``);
    expect(read({ command })).toMatchObject({ command, args: expect.arrayContaining([command]) });
  }
});

describe.each(commands)('the options of %s', (command) => {
  const takesInput = (name: string) =>
    commandsOf(inputs[name]?.description ?? '').includes(command) && Object.hasOwn(inputs, name);

  it('are inputs that name the command, or the Action decides them', async () => {
    const options = await optionsOf(command);
    expect(options).toContain('root');
    expect(options.filter((name) => !Object.hasOwn(own, name) && !takesInput(name))).toEqual([]);
  });

  it('are all that its inputs turn into', async () => {
    const words = ['command', 'ids', 'dir', 'github-token'];
    const given = Object.keys(inputs).filter((name) => !words.includes(name) && takesInput(name));
    const { args } = read({ command, ...Object.fromEntries(given.map((name) => [name, 'value'])) });
    const options = args.filter((word) => word.startsWith('--')).map((word) => word.slice(2));
    expect(options.toSorted()).toEqual(given.toSorted());
    expect(await optionsOf(command)).toEqual(expect.arrayContaining(options));
  });
});

it("the README's table is that of action.yml, and the gate sees when it is not", () => {
  const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
  expect(withActionTable(readme, actionYaml)).toBe(readme);
  expect(withActionTable(readme, actionYaml.replace('  seed:\n', '  sowing:\n'))).not.toBe(readme);
  expect(() => withActionTable('# Nothing', actionYaml)).toThrow(/README.md has no place/);
});
