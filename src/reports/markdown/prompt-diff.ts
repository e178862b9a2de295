import { markdownFence, markdownText } from '../hostile.ts';
import { unifiedDiff } from '../prompt-diff.ts';
import type { Section } from '../sections.ts';
import { capped, collapsible, type Limits, list } from './blocks.ts';

/** What a proposal changes in the prompt: in sentences, then line by line. */
export function promptDiffBlocks({ proposal, diff }: Section, limits: Limits): readonly string[] {
  if (!proposal || diff.length === 0) return [];
  const { shown, leftOut } = capped(unifiedDiff(diff), limits.diffLines, 'lines of the difference');
  const explanation = proposal.explanation.slice(0, 12).map((sentence) => markdownText(sentence));
  const parts = [
    ...(proposal.file === null ? [] : [`New version: ${markdownText(proposal.file, 200)}`]),
    ...(explanation.length > 0 ? [list(explanation)] : []),
    ...(shown.length > 0 ? [markdownFence(shown.join('\n'), 'diff')] : []),
    ...leftOut,
  ];
  return [collapsible('What changed in the prompt', parts)];
}
