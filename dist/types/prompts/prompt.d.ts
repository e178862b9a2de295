import type { OutputFormat } from '../formats/format.js';
export type Message = {
    readonly role: 'system' | 'user' | 'assistant';
    readonly content: string;
};
export type ModelParameters = {
    readonly temperature?: number;
    readonly topP?: number;
    readonly maxTokens?: number;
    readonly stop?: readonly string[];
    readonly seed?: number;
};
/** A prompt as read from its file. `messages` are the whole prompt: what is sent is what is here. */
export type Prompt = {
    /** `<family>/<name>`. */
    readonly id: string;
    readonly family: string;
    readonly version: string;
    readonly description: string | undefined;
    /** `provider/model`. */
    readonly model: string;
    readonly parameters: ModelParameters;
    readonly messages: readonly Message[];
    readonly output: OutputFormat;
    /** Other wordings of the instruction (the system message) that the author allows a search to try. */
    readonly alternatives: readonly string[];
    /** Relative to the repository. */
    readonly path: string;
};
