import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  htmlText,
  markdownFence,
  markdownText,
  terminalText,
  visibleText,
} from '../../src/reports/hostile.ts';
import { hostileTexts } from './hostile-fixture.ts';

const snippets = [...hostileTexts.map((text) => text.slice(0, 200)), ...'`*_[]()<>|~#@!:\\&$-+=.19 \n\t"\''];

/** Hostile pieces and arbitrary code points, lone surrogates included, in any order. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(...snippets),
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constant('\uD800'),
    ),
    {
      maxLength: 12,
    },
  )
  .map((pieces) => pieces.join(''));

const ZERO_WIDTH_SPACE = '\u200B';
const INVISIBLE = /[\p{Cf}\p{Cs}]|[^\P{Cc}\n]/u;

function withoutJoiners(text: string): string {
  return text.replaceAll('\u200C', '').replaceAll('\u200D', '');
}

describe('visibleText', () => {
  it('leaves no control, bidirectional or other invisible character', () => {
    fc.assert(fc.property(hostileText, (text) => !INVISIBLE.test(withoutJoiners(visibleText(text, 10_000)))));
  });

  it('strips escape sequences, hyperlinks included, and shows what hides', () => {
    expect(
      visibleText('\u001b[31mred\u001b[0m \u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007', 99),
    ).toBe('red link');
    expect(visibleText('a\u202Eb\u0000c\u{E0041}d\u007f', 99)).toBe('a‹U+202E›b␀c‹U+E0041›d␡');
  });

  it('leaves writing of the world and emoji alone', () => {
    const text = 'Ōkubo Toshimichi, 東京, नमस्ते, عربى, 👩‍🚀 👍🏽';
    expect(visibleText(text, 99)).toBe(text);
  });

  it('ends a stack of accents after four', () => {
    expect(visibleText(`e${'\u0301'.repeat(50)}x`, 99)).toBe(`e${'\u0301'.repeat(4)}x`);
  });

  it('cuts between code points and says how much is gone', () => {
    expect(visibleText('👍'.repeat(5), 3)).toBe('👍👍👍… (4 more characters)');
    expect(visibleText('👍'.repeat(3), 3)).toBe('👍👍👍');
  });
});

describe('markdownText', () => {
  /** What can begin something active, once escapes and entities that resolve to plain characters are taken out. */
  function active(markdown: string): RegExpMatchArray | null {
    return markdown
      .replaceAll('<span>$</span>', '·')
      .replace(/\\[`*_[\]~.)\-+=#:]|&(?:lt|gt|amp|#\d+);/g, '·')
      .match(/[\\`*[\]~<>|$\n]|@\w|#\w|:[^\s\u200B]|(?<=^|\s)_|www\.|GH-\d|^(?:[-+=#]|\d+[.)](?: |$))/i);
  }

  it('is one line in which nothing can act', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(active(markdownText(text, 10_000))).toBeNull();
      }),
      { numRuns: 400 },
    );
  });

  it('shows what was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
        const read = markdownText(text, 10_000)
          .replaceAll('<span>$</span>', '$')
          .replace(/\\([`*_[\]~.)\-+=#:])/g, '$1')
          .replaceAll(ZERO_WIDTH_SPACE, '')
          .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
          .replaceAll('&lt;', '<')
          .replaceAll('&gt;', '>')
          .replaceAll('&amp;', '&');
        expect(read).toBe(text.trim().replace(/\s+/g, ' '));
      }),
    );
  });

  it.each([
    ['@octocat', `@${ZERO_WIDTH_SPACE}octocat`],
    ['Fixes #1', `Fixes #${ZERO_WIDTH_SPACE}1`],
    ['https://evil.example', `https:${ZERO_WIDTH_SPACE}//evil.example`],
    ['WWW.evil.example', `WWW${ZERO_WIDTH_SPACE}.evil.example`],
    ['![x](y)', '!\\[x\\](y)'],
    ['<img src=x>', '&lt;img src=x&gt;'],
    ['&#64;octocat', `&amp;#${ZERO_WIDTH_SPACE}64;octocat`],
    ['a\\|b\nc', 'a&#92;&#124;b ⏎ c'],
    ['1. list', '1\\. list'],
    ['- list', '\\- list'],
    ['format_compliance 1.0.0', 'format_compliance 1.0.0'],
    ['2fa9c0de', '2fa9c0de'],
  ])('%j becomes %j', (text, shown) => expect(markdownText(text)).toBe(shown));
});

describe('markdownFence', () => {
  it('cannot be closed from inside, and mentions nobody', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const lines = markdownFence(text, 'diff').split('\n');
        const fence = lines.at(-1) ?? '';
        expect(lines[0]).toBe(`${fence}diff`);
        const inside = lines.slice(1, -1).join('\n');
        expect(inside).not.toContain(fence);
        expect(inside).not.toMatch(/@\w/);
      }),
    );
  });

  it('leaves the marks of a diff alone', () => {
    expect(markdownFence('@@ -1,2 +1,3 @@\n-a', 'diff')).toBe('```diff\n@@ -1,2 +1,3 @@\n-a\n```');
  });
});

describe('terminalText', () => {
  it('is one line without control characters or workflow commands', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const shown = terminalText(text, 10_000);
        expect(shown).not.toMatch(/\n|::|##\[/);
        expect(withoutJoiners(shown)).not.toMatch(INVISIBLE);
      }),
    );
  });
});

describe('htmlText', () => {
  it('has no character that leaves text or a quoted attribute', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(htmlText(text, 10_000).replace(/&#\d+;/g, '')).not.toMatch(/[<>"'`&]/);
      }),
    );
  });
});
