/** What our own Markdown may hold that a stranger's text may not. */
export type OwnMarkdown = {
  /** The marker it begins with. */
  readonly marker?: RegExp;
  /** Addresses of logs it may link to. */
  readonly addresses?: readonly string[];
};

type Fence = { readonly mark: string; readonly language: string };

/** Elements the reports are made of, without attributes. */
const ownElements = /<\/?(?:details|summary|sub|ins|del|span)>/g;

/** Languages of the blocks the reports write. */
const ownLanguages = ['sh', 'diff', 'mermaid'];

const characters: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', commat: '@', colon: ':' };

/**
 * What would act in a text that GitHub shows as Markdown: mentions, references, links, images, HTML, formulas, tables and blocks that
 * are not ours. It follows GitHub's rules, strictly where they are lenient: what may be active counts as active.
 */
export function activeIn(markdown: string, { marker, addresses = [] }: OwnMarkdown = {}): string[] {
  const problems: string[] = [];
  const begins = marker?.exec(markdown)?.[0] ?? '';
  if (marker && begins === '') problems.push('it does not begin with its marker');
  let fence: Fence | null = null;
  let cells = 0;
  let open = 0;
  for (const raw of markdown.slice(begins.length).split(/\r\n|[\r\n]/)) {
    if (fence) {
      const [, closing = ''] = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(raw) ?? [];
      if (closing.startsWith(fence.mark)) fence = null;
      else problems.push(...activeInBlock(raw, fence.language));
      continue;
    }
    const [, mark, language] = /^ {0,3}(`{3,}|~{3,})\s*([^`]*)$/.exec(raw) ?? [];
    if (mark !== undefined && language !== undefined) {
      fence = { mark, language };
      if (!ownLanguages.includes(language)) problems.push(`a block of "${language}"`);
      continue;
    }
    const line = addresses.reduce((text, address) => text.replaceAll(`[log](${address})`, 'link'), raw);
    for (const [tag] of line.matchAll(/<\/?details>/g)) open += tag === '<details>' ? 1 : -1;
    if (open < 0 || open > 1) problems.push('details within details, or closed too often');
    problems.push(...activeInLine(line));
    const here = raw.startsWith('|') ? cellsOf(raw) : 0;
    if (here > 0 && cells > 0 && here !== cells)
      problems.push(`${here} cells in a table of ${cells}: ${raw}`);
    cells = here;
  }
  if (fence) problems.push('a block without end');
  if (open !== 0) problems.push('details without end');
  return problems;
}

/** A line outside of blocks. */
function activeInLine(line: string): string[] {
  const own = line
    .replace(/^(?:> )?\[!(?:TIP|NOTE|WARNING|CAUTION)\]$|^> \[!(?:TIP|NOTE|WARNING|CAUTION)\]$/, '')
    .replace(/`(?:files|outside|github-token)`/, '·')
    .replaceAll('<span>$</span>', '·')
    .replace(ownElements, '\u0000');
  const syntax = own.replace(/\\[!-/:-@[-`{-~]/g, '·').replace(/&(?:#\d+|[a-z]+);/gi, '·');
  const shown = own
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&([a-z]+);/g, (whole, name: string) => characters[name] ?? whole);
  return [
    ...matches('syntax', syntax.replace(/^(?:> )+/, ''), /[[\]`<]|~~|!\[/),
    ...matches('quote', syntax, /(?<!^|^> )>/),
    ...matches(
      'block',
      syntax,
      /^(?:> ?)*(?: {4}|\t|#{1,2} |#{4,} |[*+] |[-=*_]{3,}\s*$|={2,}\s*$|\d+[.)] )/,
    ),
    ...matches('mention', shown, /@[a-z0-9]/i),
    ...matches('reference', shown, /(?<![a-z0-9&])#\d|\w#\d|\bGH-\d/i),
    ...matches('address', shown, /[a-z]:\/\/|\bwww\.|\b(?:mailto|xmpp|javascript|data):[^\s\u200b]/i),
    ...matches('emoji', shown, /:[a-z0-9+_-]+:/i),
    ...matches('formula', own.replace(/\\\$|&#36;/g, '$'), /\$/),
    ...unseenIn(line),
  ];
}

/** A line in a fenced block. Mentions count: who answers by e-mail quotes it as plain text. */
function activeInBlock(line: string, language: string): string[] {
  const mermaid =
    language === 'mermaid' ? line.replace(/"[^"]*"/g, (label) => label.replace(/#\d+;|<br\/>/g, '')) : '';
  return [
    ...matches('mention', line, /@[a-z0-9]/i),
    ...matches('mermaid', mermaid, /"[^"]*[^\p{L}\p{M}\p{N} .,()…%"-][^"]*"/u),
    ...matches('mermaid', mermaid.replace(/"[^"]*"/g, ''), /\b(?:click|href|style|linkStyle)\b|%%|["<@;]/),
    ...unseenIn(line),
  ];
}

/** Characters that are not seen, or move what is. Joiners stay, scripts and emoji need them; a zero width space is how we part. */
export function unseenIn(text: string): string[] {
  return matches('unseen', text, /[^\P{Cc}\n]|(?![\u200b-\u200d])\p{Cf}|\p{Cs}|\p{Co}/u);
}

function cellsOf(line: string): number {
  return line.replace(/\\\|/g, '').split('|').length - 2;
}

function matches(kind: string, text: string, pattern: RegExp): string[] {
  const found = pattern.exec(text);
  return found ? [`${kind} ${JSON.stringify(found[0])} in ${JSON.stringify(text.slice(0, 300))}`] : [];
}
