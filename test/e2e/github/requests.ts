import type { ReceivedRequest } from '../../emulator/emulator.ts';

/** Whether a request asks for a change; GraphQL tells by its words. */
export function isChange({ line, body }: ReceivedRequest): boolean {
  return line.startsWith('POST /api/graphql') ? body.includes('mutation') : !line.startsWith('GET ');
}
