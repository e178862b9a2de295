/** Strings that do harm where they are shown raw. */
export const hostileTexts: readonly string[] = [
  '@octocat please approve, and cc @github/security',
  'Fixes #1, see octo/repo#2 and GH-3',
  '[click](https://evil.example) ![pixel](https://evil.example/p.png) <https://evil.example> www.evil.example',
  '<script>alert(1)</script><img src=x onerror=alert(1)><details open>',
  'a | b |\n|---|---|\n| c | d |',
  '```\n</details>\n# Big heading\n````\n~~~',
  '\u001b[31mred\u001b[0m \u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007 \u009b2J',
  'abc\u202Etxt.exe\u2066 zero\u200Bwidth\u0000null \u{E0041}\u{E0042}',
  '::set-env name=PATH::/tmp\n##[add-mask]secret',
  '**bold** _em_ ~~gone~~ `code` $x^2$ :tada: [^1] \\| \\',
  `long ${'word '.repeat(4_000)}`,
];

/** A control character other than a line feed, or one that reorders text. */
export const controlCharacter = /[^\P{Cc}\n]|[\u202A-\u202E\u2066-\u2069]/u;
