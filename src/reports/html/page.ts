import { createHash } from 'node:crypto';
import { html, Markup } from './markup.ts';

export type Page = {
  readonly title: string;
  readonly style: string;
  /** Runs in the page; null for none. */
  readonly script: string | null;
  readonly body: Markup;
};

/**
 * A whole page that needs nothing else, light and dark. Its policy lets the browser load nothing at all, apply this one style sheet and run
 * this one script.
 */
export function pageOf({ title, style, script, body }: Page): string {
  const scripts = script === null ? '' : ` script-src ${digestOf(script)};`;
  const policy = `default-src 'none'; style-src ${digestOf(style)};${scripts} img-src data:; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<main>
${body}
</main>
${script === null ? null : html`<script>${new Markup(script)}</script>\n`}</body>
</html>
`.toString();
}

/** As a Content-Security-Policy names what stands in the page itself. */
function digestOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
