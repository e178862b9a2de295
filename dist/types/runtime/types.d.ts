import type { PromptlineError } from '../errors.js';
import type { Message, ModelParameters } from '../prompts/prompt.js';
/** What fills a placeholder. */
export type Variable = string | number | boolean;
/** The variables of each prompt, for the compiler to check: `{ 'query_processing/default': 'query' | 'language' }`. */
export type Catalog = Readonly<Record<string, string>>;
/**
 * A prompt that ships with the application: what `promptline export --format json` writes for it. Import the file as JSON.
 */
export type PinnedPrompt = {
    readonly id: string;
    readonly version: string;
    /** What the content must hash to. */
    readonly digest: string;
    readonly model: string;
    readonly parameters: object;
    readonly messages: readonly {
        readonly role: string;
        readonly content: string;
    }[];
};
/** Which prompts are served from now on, of those that changed. */
export type PromptChange = {
    readonly prompt: string;
    /** Versions. */
    readonly stable: string;
    readonly canary: string | null;
    /** Of users that get the canary. */
    readonly percent: number;
};
/** How prompts are had and what is told about them. */
export type CommonOptions = {
    /**
     * Where the content of a release is; `{ref}` stands for its tag, `prompts/<id>@<version>`. Relative to the manifest; by default
     * `{ref}.json` beside it.
     */
    readonly contents?: string;
    /** Sent with each request to the manifest's own origin, as `{ authorization: 'Bearer ...' }`; to other origins never. */
    readonly headers?: Readonly<Record<string, string>>;
    /** Served where nothing else can be. */
    readonly fallback?: readonly PinnedPrompt[];
    /** The longest that one request may take, 10 by default. */
    readonly timeoutSeconds?: number;
    /**
     * Adds the texts of prompts, variables and answers to spans, which have none of them otherwise. They are your users' words: see to it
     * that whoever reads the spans may read those.
     */
    readonly recordText?: boolean;
    /** Told of what went wrong while prompts are still served. By default it becomes a warning of the process. */
    readonly onError?: (error: PromptlineError) => void;
};
export type PromptsOptions = CommonOptions & {
    /** `flags.json`: an address (http, https, file) or a path. */
    readonly manifest: string | URL;
    /** How often it is read again, 30 by default, a tenth more or less by chance. */
    readonly pollSeconds?: number;
    /** Told whenever other prompts than before are served, and of the first ones. */
    readonly onChange?: (changes: readonly PromptChange[]) => void;
};
/** Whose prompt it is and what fills it. */
export type PromptRequest<Name extends string = string> = {
    /** The application's own id of the user, hashed before it goes anywhere. Without one: the stable version. */
    readonly user?: string | undefined;
    /** Others than the prompt needs are passed over. */
    readonly variables: Readonly<Record<Name, Variable>>;
};
/** What an answer says about itself; all of it optional. */
export type CallDetails = {
    readonly responseId?: string | undefined;
    /** The model that answered, as it names itself. */
    readonly responseModel?: string | undefined;
    readonly finishReasons?: readonly string[] | undefined;
    readonly inputTokens?: number | undefined;
    readonly outputTokens?: number | undefined;
    /** The answer. Recorded only with `recordText`. */
    readonly text?: string | undefined;
};
/** A recorded call, for feedback on it later or elsewhere: plain JSON without any text. */
export type CallReference = {
    readonly prompt?: string;
    readonly version?: string;
    readonly responseId?: string;
    /** Ids of OpenTelemetry; none where nothing collects spans. */
    readonly traceId?: string;
    readonly spanId?: string;
    readonly traceFlags?: number;
};
/** What a user thinks of an answer. */
export type Feedback = {
    /** In [0, 1]: 1 is a thumbs-up, 0 a thumbs-down. */
    readonly score: number;
    /** One of few words, as `thumbs_down`; no free text. */
    readonly label?: string;
};
/** `stable` and `canary` are the manifest's; `fallback` is the application's own and counts for neither. */
export type PromptVariant = 'stable' | 'canary' | 'fallback';
export type ResolvedPrompt = {
    /** `<family>/<name>`. */
    readonly id: string;
    readonly version: string;
    readonly variant: PromptVariant;
    /** `provider/model`. */
    readonly model: string;
    readonly parameters: ModelParameters;
    /** What to send, filled. */
    readonly messages: readonly Message[];
    /**
     * Calls the model inside a span of OpenTelemetry. What `call` throws is recorded by the name of its class and thrown on. An answer
     * that is streamed is to be read to its end inside `call`, so that its time and usage count.
     *
     * @param describe what of the answer is recorded
     *
     * @example
     * const { response, call } = await prompt.record(
     *   () => client.chat.completions.create({ model: 'gpt-5-mini', messages: [...prompt.messages] }),
     *   ({ id, usage }) => ({ responseId: id, inputTokens: usage?.prompt_tokens, outputTokens: usage?.completion_tokens }),
     * );
     */
    record<Response>(call: () => Response | Promise<Response>, describe?: (response: Response) => CallDetails): Promise<{
        readonly response: Response;
        readonly call: CallReference;
    }>;
};
export type Prompts<Known extends Catalog = Catalog> = {
    /**
     * The version of a prompt that this user gets, filled. Takes no time: everything is in memory.
     *
     * @throws {PromptlineError} for a prompt that is neither served nor pinned, and for a variable that is missing
     */
    for<Id extends keyof Known & string>(id: Id, request: PromptRequest<Known[Id]>): ResolvedPrompt;
    /** Ends polling. What is served stays. */
    close(): void;
};
