/** A line on stdout that a runner obeys: `::error file=a.yaml,line=3::message`. */
export type WorkflowCommand = { name: string; properties: Readonly<Record<string, string>>; message: string };

/**
 * The commands in a job's output, as a runner finds them: where a line begins with `::`, spaces aside, or holds `##[` anywhere, which is the
 * older form. After `::stop-commands::TOKEN` none are obeyed until `::TOKEN::`.
 */
export function workflowCommands(stdout: string): WorkflowCommand[] {
  const commands: WorkflowCommand[] = [];
  let stopped: string | undefined;
  for (const line of stdout.split(/\r\n|\n|\r/)) {
    const match =
      /^\s*::([^:\s]+)(?:\s+(.*?))?::(.*)$/.exec(line) ?? /##\[([^\s\]]+)(?:\s+([^\]]*))?\](.*)$/.exec(line);
    if (!match) continue;
    const [, name = '', properties = '', message = ''] = match;
    if (stopped !== undefined) {
      if (name === stopped) stopped = undefined;
      continue;
    }
    if (name === 'stop-commands') stopped = message;
    commands.push({ name, properties: propertiesOf(properties), message: plainText(message) });
  }
  return commands;
}

function propertiesOf(text: string): Record<string, string> {
  const pairs = text.split(',').map((pair) => /^\s*([^=]+)=(.*)$/.exec(pair) ?? []);
  return Object.fromEntries(
    pairs.flatMap(([, name, value = '']) => (name === undefined ? [] : [[name, plainProperty(value)]])),
  );
}

function plainProperty(text: string): string {
  return plainText(text.replaceAll('%3A', ':').replaceAll('%2C', ','));
}

function plainText(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}

/** Entries of GITHUB_OUTPUT, GITHUB_ENV or GITHUB_STATE: `name=value`, or `name<<MARK`, lines, `MARK`. */
export function fileCommands(text: string): Record<string, string> {
  const entries: Record<string, string> = {};
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const [, name, mark] = /^([^=]+?)<<(.+)$/.exec(line) ?? [];
    if (name !== undefined && mark !== undefined) {
      const end = lines.indexOf(mark, at + 1);
      if (end < 0) throw new Error(`${name}: the mark ${mark} does not come again`);
      entries[name] = lines.slice(at + 1, end).join('\n');
      at = end;
      continue;
    }
    const equals = line.indexOf('=');
    if (equals > 0) entries[line.slice(0, equals)] = line.slice(equals + 1);
    else if (line.trim() !== '') throw new Error(`no entry: ${line}`);
  }
  return entries;
}
