import path from 'node:path';
import { describeError, type PromptlineError } from '../../errors.ts';
import { displayPath } from '../../files/paths.ts';
import { readText } from '../../files/read-write.ts';
import { locate, readYaml } from '../../files/yaml-source.ts';
import type { Annotation } from '../../host/repository-host.ts';
import { findPromptFiles, promptId } from '../../prompts/load.ts';
import { terminalText } from '../../reports/hostile.ts';
import type { PromptReport, RunReport } from '../../reports/run-report.ts';

/** Folders as absolute paths. */
export type Places = {
  /** Of promptline.yaml. */
  readonly root: string;
  /** Of the repository's checkout: a check's annotations are relative to it. */
  readonly top: string;
};

/** Errors at the lines they speak of; those without a file are left out. */
export function errorAnnotations(errors: readonly PromptlineError[], { root, top }: Places): Annotation[] {
  return errors.flatMap((error): Annotation[] => {
    const { location } = error;
    if (!location) return [];
    const line = location.line ?? 1;
    return [
      {
        path: displayPath(top, path.resolve(root, location.file)),
        startLine: line,
        endLine: line,
        level: 'failure',
        title: 'promptline',
        message: terminalText(describeError(error), 2_000),
      },
    ];
  });
}

/** What stops a change, at the messages of the prompts it is about. */
export function reportAnnotations(report: RunReport, places: Places): Annotation[] {
  const alarms = report.prompts.flatMap((prompt) => {
    const alarm = alarmOf(prompt);
    return alarm ? [{ id: prompt.id, ...alarm }] : [];
  });
  if (alarms.length === 0) return [];
  const files = new Map(findPromptFiles(places.root).map((file) => [promptId(places.root, file), file]));
  return alarms.flatMap(({ id, level, title, message }): Annotation[] => {
    const file = files.get(id);
    if (file === undefined) return [];
    const line = lineOfMessages(file);
    const where = { path: displayPath(places.top, file), startLine: line, endLine: line };
    return [{ ...where, level, title, message: terminalText(message, 2_000) }];
  });
}

function alarmOf({
  comparison,
  gate,
  baseProblem,
}: PromptReport): Pick<Annotation, 'level' | 'title' | 'message'> | null {
  const judged = comparison?.gate ?? gate;
  if (judged && !judged.passed)
    return { level: 'failure', title: 'A gate failed', message: judged.reasons.join(' ') };
  const worse = Object.entries(comparison?.metrics ?? {}).filter(
    ([, { verdict }]) => verdict === 'regression',
  );
  if (worse.length > 0) {
    const names = worse.map(([name]) => name).join(', ');
    return { level: 'warning', title: 'Regression', message: `Worse than the base: ${names}.` };
  }
  if (baseProblem !== undefined) return { level: 'warning', title: 'Not compared', message: baseProblem };
  return null;
}

/** Where a prompt's wording begins; counts from 1. */
function lineOfMessages(file: string): number {
  return locate(readYaml(file, readText(file, file)), ['messages']).line ?? 1;
}
