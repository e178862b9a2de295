import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { parse } from 'yaml';
import type { JobResult } from '../emulator/runner.ts';
import { workflowCommands } from '../emulator/workflow-commands.ts';
import { activeInPage } from './inert-html.ts';
import { activeIn, unseenIn } from './inert-markdown.ts';

/** The commands the Action gives itself. */
const ownCommands =
  /^::(?:add-mask::\S+|stop-commands::[0-9a-f-]{36}|[0-9a-f-]{36}::|error::promptline [a-z]+ ended with exit code \d)$/;

/** Nothing in a job's log is a command but the Action's own, even where commands were not stopped. */
export function expectQuietLog({ stdout, stderr }: JobResult): void {
  const lines = stdout.split('\n');
  expect(workflowCommands(lines.filter((line) => !ownCommands.test(line)).join('\n'))).toEqual([]);
  for (const line of [...lines, ...stderr.split('\n')]) expect(unseenIn(line)).toEqual([]);
}

/** Every file of a folder is UTF-8, can be read as what it says it is, and does nothing where it is shown. */
export function expectSoundFiles(folder: string): void {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  expect(files.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['report.json', 'report.md', 'report.html']),
  );
  for (const { parentPath, name } of files) {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path.join(parentPath, name)));
    if (name.endsWith('.json')) JSON.parse(text);
    if (name.endsWith('.jsonl')) for (const line of text.trimEnd().split('\n')) JSON.parse(line);
    if (name.endsWith('.yaml')) parse(text);
    if (name.endsWith('.html')) expect(activeInPage(text)).toEqual([]);
    if (name.endsWith('.md')) expect(activeIn(text)).toEqual([]);
  }
}
