import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  buildSchema,
  defaultFieldResolver,
  execute,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';
import type { Reply } from '../call.ts';
import { ApiFailure, RateExceeded } from '../failures.ts';
import { failAfter, failBefore } from '../faults.ts';
import { countRequest, rateHeaders } from '../limits.ts';
import { count, jsonOf, type Request, replyOf, type World } from '../rest.ts';
import type { Token } from '../tokens.ts';
import { createCommitOnBranch } from './commit.ts';
import { queries } from './queries.ts';
import { updateRefs } from './update-refs.ts';

type Document = { query: string; variables?: Record<string, unknown>; operationName?: string };

let schema: GraphQLSchema | undefined;

/** GitHub's published schema; read when the first request needs it. */
function publishedSchema(): GraphQLSchema {
  // The package's own entry reads a larger JSON form as well.
  const file = fileURLToPath(new URL('schema.graphql', import.meta.resolve('@octokit/graphql-schema')));
  schema ??= buildSchema(readFileSync(file, 'utf8'), { assumeValid: true });
  return schema;
}

/** Answers `POST /graphql`. Fields are counted as `graphql:NAME`. */
export async function answerGraphql(world: World, { headers, bytes }: Request): Promise<Reply> {
  let token: Token | undefined;
  try {
    const document = jsonOf(bytes) as Document;
    const operation = operationOf(document);
    const names = operation ? fieldsOf(operation).map((name) => `graphql:${name}`) : [];
    for (const name of names) count(world.operations, name);
    const fault = world.faults.take({ names: ['graphql', ...names], line: 'POST /graphql' });
    await failBefore(fault);
    token = world.tokenOf(headers);
    // Unlike REST, GraphQL answers nobody without a token.
    if (!token) throw new ApiFailure(401, 'This endpoint requires you to be authenticated.');
    countRequest(token);
    const body = await run(world, token, document);
    await failAfter(fault);
    return { status: 200, body, headers: rateHeaders(token, 'graphql') };
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    const reply = error instanceof RateExceeded ? limited(error) : replyOf(error);
    return { ...reply, headers: { ...rateHeaders(token, 'graphql'), ...reply.headers } };
  }
}

/** Unlike REST, GraphQL tells spent limits in an answer that looks fine. */
function limited({ message, headers }: RateExceeded): Reply {
  return { status: 200, body: { errors: [{ type: 'RATE_LIMITED', message }] }, headers };
}

function operationOf({ query }: Document): OperationDefinitionNode | undefined {
  try {
    return parse(query).definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION);
  } catch {
    return undefined;
  }
}

function fieldsOf({ selectionSet }: OperationDefinitionNode): string[] {
  return selectionSet.selections.flatMap((each) => (each.kind === Kind.FIELD ? each.name.value : []));
}

async function run(
  world: World,
  token: Token,
  { query, variables, operationName }: Document,
): Promise<unknown> {
  const published = publishedSchema();
  let document: ReturnType<typeof parse>;
  try {
    document = parse(query);
  } catch (error) {
    return { errors: [{ message: String(error) }] };
  }
  const mistakes = validate(published, document);
  if (mistakes.length > 0) {
    for (const { message } of mistakes) world.violations.push({ request: 'POST /graphql', problem: message });
    return { errors: mistakes.map((mistake) => shown(mistake)) };
  }
  const { data, errors } = await execute({
    schema: published,
    document,
    rootValue: {
      ...queries(world.github, token),
      createCommitOnBranch: createCommitOnBranch(world.github, token),
      updateRefs: updateRefs(world.github, token),
    },
    variableValues: variables ?? null,
    operationName: operationName ?? null,
    fieldResolver: onlyKnown(world),
  });
  // Without data nothing ran: the variables are not what the schema asks for.
  if (data === undefined) {
    for (const { message } of errors ?? [])
      world.violations.push({ request: 'POST /graphql', problem: message });
  }
  return { data, ...(errors === undefined ? {} : { errors: errors.map((error) => shown(error)) }) };
}

/** A field that the emulator does not know must not look like one that is null. */
function onlyKnown(world: World): GraphQLFieldResolver<unknown, unknown> {
  return (source, args, context, info) => {
    const known = source !== null && typeof source === 'object' && info.fieldName in source;
    if (known || info.fieldName === '__typename') return defaultFieldResolver(source, args, context, info);
    const problem = `the emulator has no ${info.parentType.name}.${info.fieldName}`;
    world.violations.push({ request: 'POST /graphql', problem });
    throw new GraphQLError(problem);
  };
}

/** GitHub puts the type of an error beside its message. */
function shown({ message, path, locations, extensions }: GraphQLError) {
  const { type, ...rest } = extensions;
  return {
    ...(type === undefined ? {} : { type }),
    ...(path === undefined ? {} : { path }),
    ...(Object.keys(rest).length === 0 ? {} : { extensions: rest }),
    locations,
    message,
  };
}
