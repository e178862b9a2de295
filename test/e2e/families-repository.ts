import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Three families with five prompts; `ADDRESS` stands for that of the server. */
const files = {
  '.gitignore': '.promptline\ncache\nout*\n',
  'README.md': 'Prompts of a small shop.\n',
  'promptline.yaml': `models: { task: local/small, judge: other/judge }
concurrency: 4
providers:
  local: { type: openai-compatible, baseUrl: "ADDRESS/v1", tries: 2, timeout: 20 }
  other: { type: openai-compatible, baseUrl: "ADDRESS/v1" }
families:
  colors:
    datasets: datasets/colors
    metrics:
      accuracy: { use: label_accuracy, field: color, weight: 0.7, gate: { maxDrop: 0.1 } }
      format_compliance: { weight: 0.3 }
  moods:
    datasets: datasets/moods
    metrics:
      accuracy: { use: label_accuracy, field: mood, weight: 1 }
  search:
    datasets: { test: datasets/search/questions.jsonl }
    metrics:
      retrieval_precision: { corpus: datasets/search/corpus.jsonl, weight: 1 }
`,
  'prompts/colors/default.prompt.yaml': labelPrompt('color', ['red', 'green', 'blue'], 'Name the color.'),
  'prompts/colors/terse.prompt.yaml': `model: other/small\n${labelPrompt('color', ['red', 'green', 'blue'], 'Color?')}`,
  'prompts/moods/default.prompt.yaml': labelPrompt('mood', ['good', 'bad'], 'Name the mood.'),
  'prompts/moods/long.prompt.yaml': `model: other/small\n${labelPrompt('mood', ['good', 'bad'], 'Read it twice, then name the mood.')}`,
  'prompts/search/keywords.prompt.yaml': `version: 1.0.0
modelParameters: { temperature: 0, maxTokens: 20 }
output: { format: lines, field: keywords, item: "{{.}}", separator: ", " }
messages:
  - { role: system, content: Name what to search for. }
  - { role: user, content: "Text: {{text}}" }
`,
  'datasets/colors/train.yaml': rows('color', ['moss:green', 'brick:red']),
  'datasets/colors/dev.yaml': rows('color', ['ink:blue', 'coal:red']),
  'datasets/colors/test.yaml': rows('color', ['grass:green', 'blood:red', 'ocean:blue', 'leaf:green']),
  'datasets/moods/test.yaml': rows('mood', ['sunshine:good', 'thunder:bad', 'holiday:good']),
  'datasets/search/questions.jsonl': [
    { id: 'chairs', input: { text: 'something to sit on' }, expected: { relevant: ['d1'] } },
    { id: 'tables', input: { text: 'something to eat at' }, expected: { relevant: ['d2'] } },
  ]
    .map((row) => `${JSON.stringify(row)}\n`)
    .join(''),
  'datasets/search/corpus.jsonl':
    '{"id": "d1", "text": "a wooden chair"}\n{"id": "d2", "text": "a round table"}\n',
};

/** The answers of a model that knows every text of the repository. */
export const answers: Readonly<Record<string, string>> = {
  ...{ grass: 'green', blood: 'red', ocean: 'blue', leaf: 'green', sand: 'red' },
  ...{ sunshine: 'good', thunder: 'bad', holiday: 'good' },
  ...{ 'something to sit on': 'chair', 'something to eat at': 'table' },
};

/** A folder with the files and a Git repository around it; `below` puts the files into a folder inside the repository. */
export function familiesRepository(address: string, { below = '.' }: { below?: string } = {}) {
  const top = mkdtempSync(path.join(tmpdir(), 'promptline families '));
  const root = path.join(top, below);
  const git = (...args: string[]) => execFileSync('git', args, { cwd: top, encoding: 'utf8', env: gitOnly });
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
  for (const [file, text] of Object.entries(files)) write(file, text.replaceAll('ADDRESS', address));
  git('init', '--quiet', '--initial-branch=main');
  const commit = (message: string): string => {
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '--message', message);
    return git('rev-parse', 'HEAD').trim();
  };
  return {
    /** Of the Git repository. */
    top,
    /** Of promptline.yaml. */
    root,
    git,
    write,
    read,
    /** Replaces a text that must stand in the file. */
    edit(file: string, from: string, to: string): void {
      const text = read(file);
      if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
      write(file, text.replaceAll(from, to));
    },
    remove: (file: string) => rmSync(path.join(root, file)),
    /** Commits everything and returns the commit. */
    commit,
    delete: () => rmSync(top, { recursive: true, force: true }),
  };
}

export type FamiliesRepository = ReturnType<typeof familiesRepository>;

/** Git as on any machine, whatever its user has configured. */
const gitOnly = {
  PATH: process.env['PATH'],
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'author',
  GIT_AUTHOR_EMAIL: 'author@example.org',
  GIT_COMMITTER_NAME: 'author',
  GIT_COMMITTER_EMAIL: 'author@example.org',
};

function labelPrompt(field: string, labels: readonly string[], instruction: string): string {
  return `version: 1.0.0
modelParameters: { temperature: 0, maxTokens: 5 }
output: { format: label, field: ${field}, labels: [${labels.join(', ')}] }
messages:
  - { role: system, content: "${instruction}" }
  - { role: user, content: "Text: {{text}}" }
`;
}

/** Rows of `word:label`. */
function rows(field: string, pairs: readonly string[]): string {
  const lines = pairs.map((pair) => {
    const [word = '', label = ''] = pair.split(':');
    return `  - { id: ${word}, input: { text: ${word} }, expected: { ${field}: ${label} } }\n`;
  });
  return `examples:\n${lines.join('')}`;
}
