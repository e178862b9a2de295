import { describe, expect, it } from 'vitest';
import { htmlText, markdownFence, markdownText, terminalText } from '../../src/reports/hostile.ts';
import { workflowCommands } from '../emulator/workflow-commands.ts';
import { hostileCompletions } from './completions.ts';
import { activeIn, unseenIn } from './inert-markdown.ts';

/** Families whose texts act by themselves in Markdown. */
const acting = /^(?:mention|reference|HTML|HTML element|marker of ours|link|terminal) \d/;
/** Of those, what acts in other places only: in an attribute, in a commit message. */
const harmless = /^(?:reference 7|HTML element 7|HTML element 17|marker of ours 9|marker of ours 11)$/;

describe('the hostile completions', () => {
  it('are at least 200 different ones', () => {
    expect(new Set(hostileCompletions.map(({ text }) => text)).size).toBe(hostileCompletions.length);
    expect(new Set(hostileCompletions.map(({ name }) => name)).size).toBe(hostileCompletions.length);
    expect(hostileCompletions.length).toBeGreaterThanOrEqual(200);
  });

  it.each(hostileCompletions.filter(({ name }) => acting.test(name) && !harmless.test(name)))(
    'are seen to act raw: $name',
    ({ text }) => expect(activeIn(text)).not.toEqual([]),
  );

  it.each(hostileCompletions.filter(({ name }) => /^workflow command \d/.test(name)))(
    'are taken for commands raw: $name',
    ({ text }) => expect(workflowCommands(text)).not.toEqual([]),
  );

  it.each(hostileCompletions)('are inert in every form: $name', ({ text }) => {
    const line = markdownText(text, 2_000);
    expect(activeIn(line)).toEqual([]);
    expect(activeIn(`| a | b |\n| --- | --- |\n| ${line} | end |`)).toEqual([]);
    expect(activeIn(`- ${line}`)).toEqual([]);
    expect(activeIn(markdownFence(text, 'diff'))).toEqual([]);
    expect(workflowCommands(terminalText(text))).toEqual([]);
    expect(unseenIn(terminalText(text))).toEqual([]);
    expect(htmlText(text).replace(/&#\d+;/g, '')).not.toMatch(/[<>"'`&]/);
  });
});
