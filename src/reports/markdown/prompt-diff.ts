import { markdownFence, markdownText } from '../hostile.ts';
import { unifiedDiff } from '../prompt-diff.ts';
import type { Section } from '../sections.ts';
import { capped, collapsible, type Limits } from './blocks.ts';

/** What a proposal changes in the prompt, line by line. */
export function promptDiffBlocks({ proposal, diff }: Section, limits: Limits): readonly string[] {
  if (!proposal || diff.length === 0) return [];
  const { shown, leftOut } = capped(unifiedDiff(diff), limits.diffLines, 'lines of the difference');
  const parts = [
    ...(proposal.file === null ? [] : [`New version: ${markdownText(proposal.file, 200)}`]),
    ...(shown.length > 0 ? [markdownFence(shown.join('\n'), 'diff')] : []),
    ...leftOut,
  ];
  return [collapsible('What changed in the prompt', parts)];
}
