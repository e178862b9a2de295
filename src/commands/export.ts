import { displayPath } from '../files/paths.ts';
import { readText } from '../files/read-write.ts';
import { type Exported, type ExportFormat, exportPrompts } from '../prompts/exporting/export.ts';
import { loadPrompt } from '../prompts/load.ts';
import { selectPromptFiles, type Workspace } from './workspace.ts';

/** The named prompts, or all, for another reader. */
export function runExport(workspace: Workspace, ids: readonly string[], format: ExportFormat): Exported {
  const { root, configuration } = workspace;
  const prompts = selectPromptFiles(workspace, ids).map((file) => ({
    prompt: loadPrompt(root, file, configuration.models.task),
    source: readText(file, displayPath(root, file)),
  }));
  return exportPrompts(prompts, format);
}
