export const id = 831;
export const ids = [831,854];
export const modules = {

/***/ 3831:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   axModel: () => (/* binding */ axModel)
/* harmony export */ });
/* harmony import */ var _ax_providers_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5922);
/* harmony import */ var _http_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2351);
/* harmony import */ var _openai_compatible_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(2854);
/* harmony import */ var _request_failure_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(4732);
/* harmony import */ var _retry_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(3860);





async function axModel(options, tools = _http_js__WEBPACK_IMPORTED_MODULE_1__/* .systemRetryTools */ .V) {
    const ax = await Promise.all(/* import() */[__webpack_require__.e(704), __webpack_require__.e(596)]).then(__webpack_require__.bind(__webpack_require__, 1704));
    const id = `${options.provider}/${options.model}`;
    const address = options.baseUrl ?? ax.axGetAIProfile(options.type).baseURL ?? options.type;
    const policy = {
        tries: options.tries ?? _retry_js__WEBPACK_IMPORTED_MODULE_4__/* .DEFAULT_TRIES */ .gh,
        timeoutMs: options.timeoutMs ?? _retry_js__WEBPACK_IMPORTED_MODULE_4__/* .DEFAULT_TIMEOUT_MS */ .t1,
        model: id,
        address,
        apiKeyEnv: options.apiKeyEnv ?? _ax_providers_js__WEBPACK_IMPORTED_MODULE_0__/* .axProviders */ .wg[options.type].apiKeyEnv[0],
    };
    return {
        id,
        identity: `${id} ${address}`,
        concurrency: options.concurrency,
        reusesPrefixes: false,
        async complete(request, signal) {
            const attempt = (attemptSignal) => chat(ax, options, policy.timeoutMs, request, attemptSignal);
            const { value, attempts } = await (0,_retry_js__WEBPACK_IMPORTED_MODULE_4__/* .withRetries */ .LH)(attempt, policy, tools, signal);
            return { ...value, attempts, cached: false };
        },
        close: async () => { },
    };
}
async function chat(ax, options, timeoutMs, request, signal) {
    const exchange = { failure: undefined, answered: false, latencyMs: 0 };
    const service = createService(ax, options, sender(ax, options, exchange, signal));
    let response;
    try {
        response = await ask(service, options.model, request, timeoutMs);
    }
    catch (error) {
        throw exchange.failure ?? translationFailure(error, exchange.answered, options.apiKey);
    }
    const result = response.results?.[0];
    if (!result)
        throw new _request_failure_js__WEBPACK_IMPORTED_MODULE_3__/* .RequestFailure */ .e6('invalid', 'the answer holds no message');
    const tokens = response.modelUsage?.tokens;
    if (!tokens)
        throw new _request_failure_js__WEBPACK_IMPORTED_MODULE_3__/* .RequestFailure */ .e6('unsupported', 'the answer does not say how many tokens were used');
    return {
        text: result.content ?? '',
        inputTokens: tokens.promptTokens,
        outputTokens: tokens.completionTokens,
        usd: (0,_openai_compatible_js__WEBPACK_IMPORTED_MODULE_2__/* .cost */ .y)(options.price, tokens.promptTokens, tokens.completionTokens) ?? estimatedCost(service, response),
        latencyMs: exchange.latencyMs,
        finishReason: result.finishReason === 'stop' || result.finishReason === 'length' ? result.finishReason : 'other',
    };
}
function createService(ax, { type, model, apiKey, baseUrl }, fetch) {
    const config = { model, stream: false };
    Object.assign(config, { temperature: undefined });
    const place = type === 'azure-openai' ? { resourceName: baseUrl, deploymentName: model } : { apiURL: baseUrl };
    const service = {
        name: type,
        ...(apiKey !== undefined && { apiKey }),
        ...(baseUrl !== undefined && place),
        config,
        options: { fetch, includeRequestBodyInErrors: false },
    };
    return ax.ai(service);
}
async function ask(service, model, { messages, parameters }, timeoutMs) {
    const { temperature, maxTokens, topP, stop } = parameters;
    const modelConfig = {
        ...(temperature !== undefined && { temperature }),
        ...(maxTokens !== undefined && { maxTokens }),
        ...(topP !== undefined && { topP }),
        ...(stop !== undefined && { stopSequences: [...stop] }),
    };
    const response = await service.chat({ model, chatPrompt: [...messages], modelConfig }, { stream: false, retry: { maxRetries: 0 }, timeout: timeoutMs * 2 });
    if (response instanceof ReadableStream)
        throw new _request_failure_js__WEBPACK_IMPORTED_MODULE_3__/* .RequestFailure */ .e6('invalid', 'the answer is a stream');
    return response;
}
function sender(ax, { type, baseUrl, apiKey }, exchange, signal) {
    const ownAddress = ax.axGetAIProfile(type).baseURL;
    return async (input, init) => {
        const url = String(input);
        const moved = baseUrl !== undefined && ownAddress !== undefined && url.startsWith(ownAddress);
        const target = moved ? baseUrl.replace(/\/+$/, '') + url.slice(ownAddress.length) : url;
        const headers = Object.fromEntries(new Headers(init?.headers));
        const body = await new Response(init?.body ?? null).text();
        const start = performance.now();
        try {
            const text = await (0,_http_js__WEBPACK_IMPORTED_MODULE_1__/* .post */ .b)(target, { headers, body, secret: apiKey, signal });
            exchange.latencyMs = performance.now() - start;
            exchange.answered = true;
            return new Response(text, { headers: { 'content-type': 'application/json' } });
        }
        catch (error) {
            if (error instanceof _request_failure_js__WEBPACK_IMPORTED_MODULE_3__/* .RequestFailure */ .e6)
                exchange.failure = error;
            throw error;
        }
    };
}
function translationFailure(error, answered, secret) {
    const text = (0,_request_failure_js__WEBPACK_IMPORTED_MODULE_3__/* .providerText */ .xN)(error instanceof Error ? error.message : String(error), secret);
    if (!answered)
        return new _request_failure_js__WEBPACK_IMPORTED_MODULE_3__/* .RequestFailure */ .e6('refused', text, { cause: error });
    if (error instanceof Error && error.name === 'AxAIRefusalError') {
        return new _request_failure_js__WEBPACK_IMPORTED_MODULE_3__/* .RequestFailure */ .e6('refused', `the model refused: ${text}`, { cause: error });
    }
    return new _request_failure_js__WEBPACK_IMPORTED_MODULE_3__/* .RequestFailure */ .e6('invalid', `the answer cannot be read: ${text}`, { cause: error });
}
function estimatedCost(service, { modelUsage }) {
    return service.getEstimatedCost(modelUsage) || null;
}


/***/ }),

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
