/** What of a database's URL nobody may see: the URL itself, and its password in every way it may be written. */
export function secretsIn(url: string): readonly string[] {
  // Addresses without a host, of a socket, are no URL to `URL`.
  const [, before = ''] = /^\w+:\/\/[^:@/?#]*:([^@/?#]*)@/.exec(url) ?? [];
  const [, parameter = ''] = /[?&]password=([^&#]*)/.exec(url) ?? [];
  const passwords = [before, parameter];
  const secrets = new Set([url, ...passwords, ...passwords.map(decoded)]);
  return [...secrets].filter((secret) => secret !== '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
