import { userInfo } from 'node:os';
import { gitNameOf } from '../../host/checkout.ts';
import type { Host } from '../context.ts';

/** Who does this, for the log: on GitHub whoever started the job, else the name Git knows, else the system's. */
export async function personOf({ environment }: Host, root: string): Promise<string> {
  return environment['GITHUB_ACTOR'] || (await gitNameOf(root)) || userInfo().username;
}
