/** Where in a user's file something is wrong; lines and columns count from 1. */
export type Location = {
    file: string;
    line?: number;
    column?: number;
};
/**
 * What a failure means for the person who runs the command:
 * `input` their files or options are wrong (exit 2), `outside` a provider, the network or the disk
 * failed (exit 3).
 */
export type FailureKind = 'input' | 'outside';
/** The one error type: what is wrong, how to mend it, and where. */
export declare class PromptlineError extends Error {
    name: string;
    readonly kind: FailureKind;
    readonly hint: string | undefined;
    readonly location: Location | undefined;
    /** Further errors of the same file, for commands that list them all. */
    also: readonly PromptlineError[];
    constructor(kind: FailureKind, message: string, details?: {
        hint?: string;
        location?: Location;
        cause?: unknown;
    });
    withAlso(errors: readonly PromptlineError[]): this;
}
/** The user's files or options are wrong. */
export declare function inputError(message: string, hint?: string, location?: Location): PromptlineError;
/** Something outside (provider, network, disk, GitHub) failed. */
export declare function outsideError(message: string, hint?: string, cause?: unknown): PromptlineError;
/** `file:line:column: what is wrong. How to mend it.` as one line. */
export declare function describeError(error: unknown): string;
