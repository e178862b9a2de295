import path from 'node:path';
import { expect, it } from 'vitest';
import { resultFolders } from '../../src/commands/result-folders.ts';
import { scratchFolder } from '../files/scratch.ts';

it('takes a folder of artifacts for the results in it, and any other as it is named', () => {
  const root = scratchFolder({
    'one/report.json': '{}',
    'all/promptline-1/report.json': '{}',
    'all/promptline-0/report.json': '{}',
    'all/promptline-2/prompts/a/b.prompt.yaml': 'unfinished',
    'all/note.txt': '',
    'whole/report.json': '{}',
    'whole/part/report.json': '{}',
    'empty/note.txt': '',
  });
  const at = (...names: string[]) => names.map((name) => path.join(root, name));
  expect(resultFolders(at('one', 'all', 'whole', 'empty', 'missing'))).toEqual(
    at('one', 'all/promptline-0', 'all/promptline-1', 'whole', 'empty', 'missing'),
  );
});
