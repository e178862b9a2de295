export const id = 854;
export const ids = [854];
export const modules = {

/***/ 2351:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   V: () => (/* binding */ systemRetryTools),
/* harmony export */   b: () => (/* binding */ post)
/* harmony export */ });
/* harmony import */ var node_timers_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8500);
/* harmony import */ var _request_failure_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4732);
/* harmony import */ var _retry_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3860);



const LARGEST_BODY_BYTES = 16 * 1024 * 1024;
const UNREACHABLE = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/;
const systemRetryTools = {
    async sleep(ms, signal) {
        await (0,node_timers_promises__WEBPACK_IMPORTED_MODULE_0__.setTimeout)(ms, undefined, { signal }).catch(() => undefined);
    },
    random: Math.random,
};
async function post(url, request) {
    const { headers, body, secret, signal } = request;
    let response;
    let text;
    try {
        response = await fetch(url, { method: 'POST', headers, body, signal });
        text = await readBody(response);
    }
    catch (error) {
        throw error instanceof _request_failure_js__WEBPACK_IMPORTED_MODULE_1__/* .RequestFailure */ .e6 ? error : networkFailure(error);
    }
    if (response.ok)
        return text;
    throw new _request_failure_js__WEBPACK_IMPORTED_MODULE_1__/* .RequestFailure */ .e6('status', (0,_request_failure_js__WEBPACK_IMPORTED_MODULE_1__/* .errorMessage */ .gJ)(text, secret) || response.statusText, {
        status: response.status,
        retryAfterMs: (0,_retry_js__WEBPACK_IMPORTED_MODULE_2__/* .parseRetryAfter */ .mu)(response.headers.get('retry-after'), Date.now()),
    });
}
async function readBody(response) {
    const decoder = new TextDecoder();
    let text = '';
    let bytes = 0;
    for await (const chunk of response.body ?? []) {
        bytes += chunk.byteLength;
        if (bytes > LARGEST_BODY_BYTES)
            throw new _request_failure_js__WEBPACK_IMPORTED_MODULE_1__/* .RequestFailure */ .e6('invalid', 'the answer is larger than 16 MiB');
        text += decoder.decode(chunk, { stream: true });
    }
    return text + decoder.decode();
}
function networkFailure(error) {
    const code = errorCode(error);
    const reason = isForbiddenPort(error) || (code !== undefined && (UNREACHABLE.has(code) || CERTIFICATE.test(code)))
        ? 'unreachable'
        : 'connection';
    const what = reason === 'unreachable' ? 'cannot be reached' : 'the connection broke';
    return new _request_failure_js__WEBPACK_IMPORTED_MODULE_1__/* .RequestFailure */ .e6(reason, code ? `${what} (${code})` : what, { cause: error });
}
function isForbiddenPort(error) {
    return error instanceof Error && error.cause instanceof Error && error.cause.message === 'bad port';
}
function errorCode(error) {
    if (!(error instanceof Error))
        return undefined;
    if ('code' in error && typeof error.code === 'string')
        return error.code;
    return errorCode(error.cause);
}


/***/ }),

/***/ 2854:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  y: () => (/* binding */ cost),
  openAiCompatible: () => (/* binding */ openAiCompatible)
});

// EXTERNAL MODULE: ./lib/models/request-failure.js
var request_failure = __webpack_require__(4732);
;// CONCATENATED MODULE: ./lib/models/chat-completions.js

function chatRequestBody(model, { messages, parameters }) {
    const { maxTokens, temperature, topP, stop, seed } = parameters;
    return JSON.stringify({
        model,
        messages: messages.map(({ role, content }) => ({ role, content })),
        max_tokens: maxTokens,
        temperature,
        top_p: topP,
        stop,
        seed,
        stream: false,
    });
}
function readChatAnswer(body) {
    const answer = parse(body);
    const choice = field(answer, 'choices', 0);
    const content = field(choice, 'message', 'content');
    if (typeof content !== 'string' && content !== null) {
        throw new request_failure/* RequestFailure */.e6('invalid', `the answer is not a chat completion: ${(0,request_failure/* errorMessage */.gJ)(body)}`);
    }
    const inputTokens = field(answer, 'usage', 'prompt_tokens');
    const outputTokens = field(answer, 'usage', 'completion_tokens');
    if (!isCount(inputTokens) || !isCount(outputTokens)) {
        throw new request_failure/* RequestFailure */.e6('unsupported', 'the answer does not say how many tokens were used (`usage`)');
    }
    return {
        text: content ?? '',
        inputTokens,
        outputTokens,
        finishReason: finishReason(field(choice, 'finish_reason')),
    };
}
function parse(body) {
    try {
        return JSON.parse(body);
    }
    catch (error) {
        throw new request_failure/* RequestFailure */.e6('invalid', `the answer is not JSON: ${(0,request_failure/* errorMessage */.gJ)(body) || 'it is empty'}`, {
            cause: error,
        });
    }
}
function field(value, ...path) {
    return path.reduce((at, key) => (isRecord(at) ? at[String(key)] : undefined), value);
}
function isRecord(value) {
    return typeof value === 'object' && value !== null;
}
function isCount(value) {
    return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}
function finishReason(value) {
    return value === 'stop' || value === 'length' ? value : 'other';
}

// EXTERNAL MODULE: ./lib/models/http.js
var http = __webpack_require__(2351);
// EXTERNAL MODULE: ./lib/models/retry.js
var retry = __webpack_require__(3860);
;// CONCATENATED MODULE: ./lib/models/openai-compatible.js



function openAiCompatible(options, tools = http/* systemRetryTools */.V) {
    const id = `${options.provider}/${options.model}`;
    const baseUrl = options.baseUrl.replace(/\/+$/, '');
    const secret = options.apiKey;
    const headers = {
        ...lowerCaseNames(options.headers ?? {}),
        'content-type': 'application/json',
        ...(secret !== undefined && { authorization: `Bearer ${secret}` }),
    };
    const policy = {
        tries: options.tries ?? retry/* DEFAULT_TRIES */.gh,
        timeoutMs: options.timeoutMs ?? retry/* DEFAULT_TIMEOUT_MS */.t1,
        model: id,
        address: baseUrl,
        apiKeyEnv: options.apiKeyEnv,
    };
    return {
        id,
        identity: `${id} ${baseUrl}`,
        concurrency: options.concurrency,
        reusesPrefixes: false,
        async complete(request, signal) {
            const body = chatRequestBody(options.model, request);
            const attempt = async (attemptSignal) => {
                const start = performance.now();
                const text = await (0,http/* post */.b)(`${baseUrl}/chat/completions`, {
                    headers,
                    body,
                    secret,
                    signal: attemptSignal,
                });
                return { ...readChatAnswer(text), latencyMs: performance.now() - start };
            };
            const { value, attempts } = await (0,retry/* withRetries */.LH)(attempt, policy, tools, signal);
            return {
                ...value,
                usd: cost(options.price, value.inputTokens, value.outputTokens),
                attempts,
                cached: false,
            };
        },
        close: async () => { },
    };
}
function lowerCaseNames(headers) {
    return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
function cost(price, inputTokens, outputTokens) {
    return price ? (inputTokens * price.input + outputTokens * price.output) / 1e6 : null;
}


/***/ })

};
