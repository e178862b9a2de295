/**
 * The shape of a prompt's answer, declared in the prompt file as `output`. One declaration gives three
 * things: parsing an answer into the shape of `expected`, checking it strictly, and rendering an example's
 * `expected` as the reference answer (a demonstration).
 */
export type OutputFormat = 
/** Free text, held in one field. */
{
    format: 'text';
    field: string;
}
/** One label out of `labels`, or of the list in the input field `labelsFrom`; any label when neither. */
 | {
    format: 'label';
    field: string;
    labels?: readonly string[];
    labelsFrom?: string;
}
/**
 * A list, one item after another, split by `separator` (default newline). `item` is a template over the item's
 * keys, as in `{{name}} ({{type}})`; `{{.}}` stands for an item that is plain text. `none` is the
 * text of an empty list (default `none`).
 */
 | {
    format: 'lines';
    field: string;
    item: string;
    separator?: string;
    none?: string;
}
/** JSON, strict when it follows the JSON Schema. */
 | {
    format: 'json';
    schema?: Record<string, unknown>;
}
/** LightRAG's tuples: `entity<|#|>...` and `relation<|#|>...` lines, then `<|COMPLETE|>`. */
 | {
    format: 'tuples';
};
/** An answer read tolerantly (`value`, in the shape of `expected`) and judged strictly (`problems`). */
export type ParsedAnswer = {
    /** Null when nothing of the format could be read. */
    value: Record<string, unknown> | null;
    /** Why the answer is not exactly in the format; empty means compliant. In plain words, for feedback. */
    problems: string[];
};
