import { action } from './bundle.ts';

await action();
