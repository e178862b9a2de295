import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The licences of the packages in a bundle, in the order of their names. ncc's own list leaves out every module that it joined with others.
 *
 * @param stats of ncc, as text: the paths of all modules
 * @param root where node_modules/ and our own LICENSE are
 */
export function thirdPartyLicenses(stats: string, root: string): string {
  const names = new Set(
    [...stats.matchAll(/node_modules\/((?:@[^/"]+\/)?[^/"@]+)\//g)].map(([, name = '']) => name),
  );
  return [...names]
    .sort()
    .filter((name) => existsSync(path.join(root, 'node_modules', name, 'package.json')))
    .map((name) => licenseOf(name, root))
    .join('\n\n');
}

function licenseOf(name: string, root: string): string {
  const folder = path.join(root, 'node_modules', name);
  const { license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    license?: string;
  };
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
    .sort()
    .map((file) => readFileSync(path.join(folder, file), 'utf8').trim());
  return [
    license ? `${name}\n${license}` : name,
    ...(texts.length > 0 ? texts : [ownText(name, license, root)]),
  ].join('\n\n');
}

/** Some packages hold no file of it: the text stands in their README, or only its name is given. Apache's is also ours. */
function ownText(name: string, license: string | undefined, root: string): string {
  const readme = path.join(root, 'node_modules', name, 'README.md');
  const text = existsSync(readme) ? readFileSync(readme, 'utf8') : '';
  const told = /^(?:#+[^\n]*\blicen[cs]e\b[^\n]*\n|[^\n]*\blicen[cs]e\b[^\n]*\n[-=]+\n).*$/ims.exec(
    text,
  )?.[0];
  if (told?.includes('Permission is hereby granted')) return told.trim();
  if (license !== 'Apache-2.0')
    throw new Error(`${name} holds no text of its licence ${license}: add it here`);
  return `(its package holds no text)\n${readFileSync(path.join(root, 'LICENSE'), 'utf8')}`;
}
