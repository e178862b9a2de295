import { inputError } from '../errors.ts';
import type { OutputFormat, ParsedAnswer } from './format.ts';
import { EMPTY_ANSWER, quoted, shortened, wholeWords, withoutTrailing } from './wording.ts';

type LabelFormat = Extract<OutputFormat, { format: 'label' }>;
type Input = Readonly<Record<string, unknown>>;

/** The labels an answer may be, from the format or from the example's input; null when any will do. */
export function allowedLabels(format: LabelFormat, input: Input): readonly string[] | null {
  if (format.labels) return format.labels;
  if (format.labelsFrom === undefined) return null;
  const labels = input[format.labelsFrom];
  if (Array.isArray(labels) && labels.length > 0 && labels.every((label) => typeof label === 'string')) {
    return labels;
  }
  throw inputError(
    `input.${format.labelsFrom} is not a list of labels`,
    'Give each example a list of texts there, or name the labels in the prompt under output.labels',
  );
}

/**
 * Strict: the trimmed answer is a label. Tolerant: its first line is one, in any case and without quotes,
 * Markdown and a lead-in such as `Intent:`; or that line names exactly one label among other words.
 * The value has the label's declared spelling.
 */
export function parseLabel(format: LabelFormat, text: string, input: Input): ParsedAnswer {
  const answer = text.trim();
  if (answer === '') return { value: null, problems: [EMPTY_ANSWER] };
  const labels = allowedLabels(format, input);
  if (!labels) return parseAnyLabel(format.field, answer);
  // One letter with its accent, or a letter and an accent: the same text in two ways.
  const composed = answer.normalize('NFC');
  const exact =
    labels.find((label) => label === answer) ?? labels.find((label) => label.normalize('NFC') === composed);
  if (exact !== undefined) return { value: { [format.field]: exact }, problems: [] };

  const line = firstMeaningfulLine(composed);
  const named = labelOf(line, labels) ?? labelOf(withoutLeadIn(line), labels);
  if (named !== undefined) return readAs(format.field, named, answer);
  const mentioned = labelsMentioned(line, labels);
  const [only] = mentioned;
  if (only !== undefined && mentioned.length === 1) return readAs(format.field, only, answer);
  const problem =
    mentioned.length > 1
      ? `names ${mentioned.length} labels (${mentioned.join(', ')}) where one is asked for`
      : 'is none of the labels';
  return { value: null, problems: [`${quoted(answer)} ${problem}`] };
}

/** The reference label. Throws an input error when the example has none. */
export function renderLabel({ field }: LabelFormat, expected: Readonly<Record<string, unknown>>): string {
  const label = expected[field];
  if (typeof label === 'string' && label.trim() !== '') return label.trim();
  throw inputError(`expected.${field} is not a label`, 'Give the example one text there');
}

function parseAnyLabel(field: string, answer: string): ParsedAnswer {
  const label = withoutMarks(withoutLeadIn(firstMeaningfulLine(answer)));
  if (label === '') return { value: null, problems: [`${quoted(answer)} holds no label`] };
  return label === answer ? { value: { [field]: label }, problems: [] } : readAs(field, label, answer);
}

function readAs(field: string, label: string, answer: string): ParsedAnswer {
  return {
    value: { [field]: label },
    problems: [`answer with ${shortened(label)} alone instead of ${quoted(answer)}`],
  };
}

/** The label that a line is; spelling decides before case, as two labels may differ by case only. */
function labelOf(line: string, labels: readonly string[]): string | undefined {
  for (const candidate of [line.trim(), withoutMarks(line)]) {
    const found =
      labels.find((label) => label.normalize('NFC') === candidate) ??
      labels.find((label) => label.normalize('NFC').toLowerCase() === candidate.toLowerCase());
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Labels that stand in a line as whole words. One inside a longer one (`news` in `sports news`) does not count. */
function labelsMentioned(line: string, labels: readonly string[]): string[] {
  const longestFirst = [...labels].sort((a, b) => b.length - a.length);
  const mentioned = new Set<string>();
  let rest = line;
  for (const label of longestFirst) {
    const without = rest.replace(wholeWords(label.normalize('NFC')), '\n');
    if (without !== rest) mentioned.add(label);
    rest = without;
  }
  return labels.filter((label) => mentioned.has(label));
}

/** The first line that is more than a code fence, marks or a lead-in. */
function firstMeaningfulLine(answer: string): string {
  const lines = answer.split('\n').filter((line) => !line.trim().startsWith('```'));
  return lines.find((line) => withoutMarks(withoutLeadIn(line)) !== '') ?? '';
}

/** A lead-in such as `Intent: `; the colon stands at a word's end, as `topic:sports` may be a label. */
function withoutLeadIn(line: string): string {
  return withoutMarks(line).replace(/^\p{L}[\p{L}\p{N} _-]{0,40}[*_]*\s*:[*_]*(?=\s|$)/u, '');
}

const QUOTES_AND_EMPHASIS = ' \t\r"\'`*_“”‘’«»';

// Not `#` and `+` at the end: `C#` and `C++` are labels.
function withoutMarks(line: string): string {
  const start = line.replace(/^\s*(?:(?:[-•>]|#+)\s+)?[\s"'`*_“”‘’«»]*/u, '');
  return withoutTrailing(start, `${QUOTES_AND_EMPHASIS}.,;!?`);
}
