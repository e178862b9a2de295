/** Attributes that the report's page has, each with what it may hold. */
const ownAttributes: Readonly<Record<string, RegExp>> = {
  href: /^(?:#[\w-]+|data:,)$/,
};

/** Elements that run or load something. */
const forbidden =
  /^(?:script|img|iframe|object|embed|video|audio|source|form|input|button|base|math|foreignObject|use|image|a)$/i;

/** What would run or load in a page of ours: its texts hold no `<`, so that each tag found is one the page has. */
export function activeInPage(page: string): string[] {
  const problems: string[] = [];
  for (const [tag, name = '', attributes = ''] of page.matchAll(/<([a-z]\w*)((?:\s[^<>]*)?)>/gi)) {
    const given = [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)];
    const isOwnLink = name === 'a' && given.every(([, , value = '']) => value.startsWith('#'));
    if (forbidden.test(name) && !isOwnLink) problems.push(tag);
    for (const [attribute, key = '', value = ''] of given) {
      if (/^(?:on|src|style$|xlink|action|formaction|srcset|poster|data$)/i.test(key))
        problems.push(attribute);
      if (ownAttributes[key] && !ownAttributes[key].test(value)) problems.push(attribute);
    }
  }
  const policy = /http-equiv="Content-Security-Policy" content="default-src 'none';/.test(page);
  if (!policy) problems.push('no policy that forbids requests');
  const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
  if (/url\(|@import/.test(style)) problems.push('a style that loads');
  return problems;
}
