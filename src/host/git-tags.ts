import { simpleGit } from 'simple-git';

/** The tags of the checkout around a folder that begin with a text; none outside of Git. */
export async function localTags(folder: string, beginning: string): Promise<readonly string[]> {
  try {
    // `git tag` is for people, whose settings may put it into columns.
    const names = ['for-each-ref', '--format=%(refname:strip=2)', 'refs/tags'];
    const listed = await simpleGit({ baseDir: folder }).raw(names);
    return listed.split('\n').filter((tag) => tag.startsWith(beginning));
  } catch {
    return [];
  }
}
