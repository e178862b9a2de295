import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { inputError } from '../errors.ts';

/** The address of a manifest, given as an address or a path. Throws a PromptlineError for other kinds of address. */
export function manifestAddress(manifest: string | URL): URL {
  const isPath = typeof manifest === 'string' && !/^[a-z][a-z\d+.-]*:\/\//i.test(manifest);
  const address = isPath ? pathToFileURL(path.resolve(manifest)) : URL.parse(String(manifest));
  if (!address || !['http:', 'https:', 'file:'].includes(address.protocol))
    throw inputError(`no manifest can be read from ${manifest}`, 'Use http, https, file or a path');
  return address;
}

/**
 * Where the content of a release is.
 *
 * @param template `{ref}` stands for the tag
 * @param base the manifest's address, which the template is relative to; null where there is none
 * @throws {PromptlineError} where this makes no address
 */
export function contentAddress(template: string, ref: string, base: URL | null): URL {
  const encoded = ref
    .split('/')
    .map((part) => encodeURIComponent(part).replaceAll('%40', '@'))
    .join('/');
  const address = URL.parse(template.replaceAll('{ref}', encoded), base?.href);
  if (!address || !template.includes('{ref}'))
    throw inputError(
      `contents: "${template}" is no address of releases`,
      'Write one with {ref} in place of the tag, as https://prompts.example.com/{ref}.json',
    );
  return address;
}
