import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Emulator } from './emulator.ts';

/** A moment around one of a job's requests: the `skip`th of those that `on` matches, before it has an effect or after. */
export type Moment = { readonly on?: RegExp; readonly skip: number; readonly effect: boolean };

/** Kills a job that has just started at a moment; it is gone when the connection ends. */
export function killAround(
  { inject }: Pick<Emulator, 'inject'>,
  child: ChildProcess,
  { on = /./, skip, effect }: Moment,
): void {
  const meanwhile = async () => {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  inject({ on, skip, fault: { kind: 'cut', effect, meanwhile } });
}
