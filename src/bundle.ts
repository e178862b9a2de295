/** What `dist/` holds as one bundle; `cli.ts` and `action.ts` stay outside it as its two doors. */
export { runAction as action } from './commands/action/action.ts';
export { runCli as cli } from './commands/process-host.ts';
