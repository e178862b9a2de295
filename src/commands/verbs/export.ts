import path from 'node:path';
import type { Command } from 'commander';
import { writeWhole } from '../../files/read-write.ts';
import { type ExportFormat, exportFormats } from '../../prompts/exporting/export.ts';
import { terminalText } from '../../reports/hostile.ts';
import { type CommonOptions, examples, option, withCommonOptions } from '../command-options.ts';
import { type Context, workspaceOf } from '../context.ts';
import { runExport } from '../export.ts';
import { shownFromHere } from '../session.ts';

type ExportFlags = CommonOptions & { format: ExportFormat; out?: string };

/** `promptline export`. */
export function addExport(program: Command, { host }: Context): void {
  withCommonOptions(program.command('export'))
    .description('write prompts for other readers')
    .argument('[id...]', 'prompts, as family/name; all by default')
    .addOption(option('--format <name>', 'what reads them').choices(exportFormats).makeOptionMandatory())
    .addOption(option('--out <folder>', 'folder for the files; default: they are printed'))
    .addHelpText(
      'after',
      examples(
        'promptline export query_processing/default --format text',
        'promptline export --format prompt-yml --out exported',
        'promptline export entity_extraction/lightrag --format lightrag --out .',
      ),
    )
    .action((ids: string[], { format, out, json, ...options }: ExportFlags) => {
      const { terminal, cwd } = host;
      const { files, notes } = runExport(workspaceOf(host, options), ids, format);
      for (const note of notes) terminal.note(`note: ${terminalText(note)}`);
      if (out !== undefined) {
        for (const [name, text] of Object.entries(files)) writeWhole(path.resolve(cwd, out, name), text);
      }
      if (json) terminal.out(`${JSON.stringify({ schema: 1, format, files, notes })}\n`);
      else if (out === undefined) terminal.out(Object.values(files).join('---\n'));
      else
        for (const name of Object.keys(files))
          terminal.out(`wrote ${terminalText(shownFromHere(path.resolve(cwd, out, name)))}\n`);
    });
}
