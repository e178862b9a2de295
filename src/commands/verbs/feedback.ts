import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { inputError } from '../../errors.ts';
import { terminalText } from '../../reports/hostile.ts';
import type { Evaluation } from '../../telemetry/evaluation.ts';
import { userFeedback } from '../../telemetry/names.ts';
import { type CommonOptions, examples, option, withCommonOptions } from '../command-options.ts';
import { type Context, type Host, workspaceOf } from '../context.ts';
import { addFeedback } from '../feedback/add.ts';
import { type Destination, defaultDestination, destinationOf } from '../feedback/destination.ts';

type AddOptions = CommonOptions & {
  score: number;
  responseId?: string;
  trace?: string;
  span?: string;
  name: string;
  label?: string;
  prompt?: { readonly id: string; readonly version: string | null };
  to?: string;
};

const LONGEST_NAME = 300;

/** `promptline feedback`. */
export function addFeedbackVerb(program: Command, { host }: Context): void {
  const feedback = program
    .command('feedback')
    .description('record what somebody thinks of an answer')
    .addHelpText('after', examples('promptline feedback add --response-id chatcmpl-123 --score 1'));
  withCommonOptions(feedback.command('add'))
    .description('record feedback or an evaluation as a standard event (gen_ai.evaluation.result)')
    .requiredOption('--score <n>', 'from 0, a thumbs-down, to 1, a thumbs-up', score)
    .option('--response-id <id>', "of the answer, as the model's provider gave it", name)
    .option('--trace <id>', 'of the call, 32 hex digits; with --span', hex(32))
    .option('--span <id>', 'of the call, 16 hex digits; with --trace', hex(16))
    .option('--name <name>', 'what is scored', name, userFeedback)
    .option('--label <word>', 'the score in a word, as thumbs_down', name)
    .option('--prompt <id>', 'as family/name, or family/name@1.2.0', prompt)
    .addOption(
      option(
        '--to <place>',
        'a .jsonl file, a store (.db), or the address of an OTLP endpoint; default below',
      ),
    )
    .addHelpText(
      'after',
      `${examples(
        'promptline feedback add --response-id chatcmpl-123 --score 0 --label thumbs_down',
        'promptline feedback add --trace 4bf92f3577b34da6a3ce929d0e0e4736 --span 00f067aa0ba902b7 --score 1',
        'promptline feedback add --response-id chatcmpl-123 --name faithfulness --score 0.8 --to http://127.0.0.1:4318',
      )}\n
By default it goes where promptline.yaml reads telemetry from: to the first source of type store, else into
promptline-feedback.jsonl in the folder of the first source of type otlp-file that is a folder or a pattern.
An endpoint gets the headers of OTEL_EXPORTER_OTLP_HEADERS.`,
    )
    .action(async (options: AddOptions) => {
      const evaluation = evaluationOf(options, host.terminal.now());
      const to = placeOf(host, options);
      await addFeedback(evaluation, to, host);
      const document = { schema: 1, command: 'feedback add', to, event: documentOf(evaluation) };
      host.terminal.out(`${options.json ? JSON.stringify(document) : describe(evaluation, to, host)}\n`);
    });
}

function evaluationOf(options: AddOptions, at: number): Evaluation {
  const { score: value, responseId = null, trace = null, span = null, label = null } = options;
  if ((trace === null) !== (span === null))
    throw inputError('a call is named by its trace and its span', 'Give both --trace and --span');
  if (responseId === null && span === null)
    throw inputError('no call is named', 'Give --response-id, or --trace and --span');
  const { id = null, version = null } = options.prompt ?? {};
  return {
    at,
    name: options.name,
    value,
    label,
    responseId,
    traceId: trace,
    spanId: span,
    prompt: id,
    version,
  };
}

function placeOf(host: Host, { to, root }: AddOptions): Destination {
  if (to !== undefined) return destinationOf(to, host.cwd);
  const workspace = workspaceOf(host, root === undefined ? {} : { root });
  return defaultDestination(workspace.root, workspace.configuration.telemetry.sources);
}

function documentOf({ at, value, ...evaluation }: Evaluation) {
  return { at: new Date(at).toISOString(), score: value, ...evaluation };
}

function describe({ name, value, responseId, spanId }: Evaluation, to: Destination, { cwd }: Host): string {
  const call = responseId === null ? `span ${spanId}` : `response ${terminalText(responseId)}`;
  const place = to.kind === 'endpoint' ? to.url : path.relative(cwd, to.path);
  return `${terminalText(name)} ${value} of ${call} is in ${terminalText(place, 1_000)}`;
}

function score(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('Give a number from 0 to 1.');
}

function hex(digits: number): (text: string) => string {
  return (text) => {
    if (text.length === digits && /^[0-9a-f]+$/i.test(text) && !/^0+$/.test(text)) return text.toLowerCase();
    throw new InvalidArgumentError(`Give ${digits} hex digits.`);
  };
}

function name(text: string): string {
  if (text.trim() !== '' && text.length <= LONGEST_NAME) return text;
  throw new InvalidArgumentError(`Give 1 to ${LONGEST_NAME} characters.`);
}

function prompt(text: string): { readonly id: string; readonly version: string | null } {
  const [, id, version = null] = /^([\w.-]+\/[\w.-]+)(?:@(\d+\.\d+\.\d+[\w.+-]*))?$/.exec(text) ?? [];
  if (id === undefined) throw new InvalidArgumentError('Give it as family/name or family/name@1.2.0.');
  return { id, version };
}
