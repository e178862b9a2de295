/** What of a database's URL nobody may see: the URL itself, and its password in every way it may be written. */
export function secretsIn(url: string): readonly string[] {
  // Addresses without a host, of a socket, are no URL to `URL`.
  const [, before = ''] = /^\w+:\/\/[^:@/?#]*:([^@/?#]*)@/.exec(url) ?? [];
  const [, parameter = ''] = /[?&]password=([^&#]*)/.exec(url) ?? [];
  const written = [url, before, parameter];
  return [...new Set([...written, ...written.map(decoded)])].filter((secret) => secret !== '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
