import type { AxProgrammable } from '@ax-llm/ax';

/** The one component of the program, by its name in Ax. */
export const component = 'prompt::instruction';

/**
 * A text as Ax's optimizers want it: a program with one component. It is never run: measuring goes through an adapter, because Ax
 * rewrites what its own programs send.
 */
export function textProgram(text: string): AxProgrammable<Record<string, string>, Record<string, string>> {
  const unused = (): never => {
    throw new TypeError('a text is measured through the adapter');
  };
  return {
    getId: () => 'prompt',
    getOptimizableComponents: () => [{ key: component, kind: 'instruction', current: text }],
    applyOptimizedComponents: () => {},
    applyOptimization: () => {},
    setId: () => {},
    setDemos: () => {},
    resetUsage: () => {},
    getTraces: () => [],
    getUsage: () => [],
    getChatLog: () => [],
    getSignature: unused,
    forward: unused,
    streamingForward: unused,
  };
}
