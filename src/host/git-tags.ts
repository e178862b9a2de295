import { simpleGit } from 'simple-git';

/** The tags of the checkout around a folder that begin with a text; none outside of Git. */
export async function localTags(folder: string, beginning: string): Promise<readonly string[]> {
  try {
    const listed = await simpleGit({ baseDir: folder }).raw(['tag', '--list']);
    return listed.split('\n').filter((tag) => tag.startsWith(beginning));
  } catch {
    return [];
  }
}
