import { markdownText } from '../hostile.ts';
import type { Section } from '../sections.ts';
import type { WordRun } from '../word-diff.ts';
import { capped, type Limits, list } from './blocks.ts';

/** What a reviewer needs in a minute: what changed, what it earns, what it lost, where it came from. */
export function explanationBlocks({ explanation }: Section, limits: Limits): readonly string[] {
  if (!explanation) return [];
  const { changes, wording, earnings, earningNotes, examples, descent } = explanation;
  const told = capped(earnings, limits.notes, 'changes');
  const more = capped(changes, limits.notes, 'changes');
  const words = wording.map((run) => wordRun(run, limits.text)).join('');
  const entry = (name: string, value: string) => (value === '' ? [] : [`**${name}.** ${value}`]);
  return [
    ...entry('What changed', more.shown.map((sentence) => markdownText(sentence)).join(' ')),
    ...(words === '' ? [] : [`> ${words}`]),
    ...more.leftOut,
    ...(told.shown.length + earningNotes.length === 0 ? [] : ['**What each change earns.**']),
    ...(told.shown.length === 0
      ? []
      : [list(told.shown.map((sentence) => markdownText(sentence, limits.text + 300)))]),
    ...told.leftOut,
    ...earningNotes.map((note) => `_${markdownText(note)}_`),
    ...entry('Examples', examples === null ? '' : markdownText(examples, limits.text + 300)),
    ...entry('Where it comes from', descent === null ? '' : `${markdownText(descent, limits.text + 400)}.`),
  ];
}

/** White space stays outside the marks; a paragraph of the instruction becomes a sign. */
function wordRun({ kind, text }: WordRun, limit: number): string {
  const inner = markdownText(text, limit);
  const [before, after] = [/^\s/.test(text) ? ' ' : '', /\s$/.test(text) ? ' ' : ''];
  if (inner === '') return before;
  if (kind === 'same') return `${before}${inner}${after}`;
  const mark = kind === 'added' ? 'ins' : 'del';
  return `${before}<${mark}>${inner}</${mark}>${after}`;
}
