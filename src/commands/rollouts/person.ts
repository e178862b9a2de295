import { userInfo } from 'node:os';
import { gitNameOf } from '../../host/checkout.ts';
import type { Host } from '../context.ts';

/** Who does this, for the log: on GitHub whoever started the job, else the name Git knows, else the system's. */
export async function personOf({ environment }: Pick<Host, 'environment'>, root: string): Promise<string> {
  return environment['GITHUB_ACTOR'] || (await gitNameOf(root)) || systemName();
}

/** Containers may run as a user that has a number and no name. */
function systemName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
