export const id = 831;
export const ids = [831];
export const modules = {

/***/ 3831:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   axModel: () => (/* binding */ axModel)
/* harmony export */ });
/* harmony import */ var _ax_providers_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5922);
/* harmony import */ var _http_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8232);
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
        usdOf: (promptTokens, completionTokens) => (0,_openai_compatible_js__WEBPACK_IMPORTED_MODULE_2__/* .cost */ .y)(options.price, promptTokens, completionTokens) ??
            listPrice(createService(ax, options, globalThis.fetch), {
                ai: options.type,
                model: options.model,
                tokens: { promptTokens, completionTokens, totalTokens: promptTokens + completionTokens },
            }),
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
        usd: (0,_openai_compatible_js__WEBPACK_IMPORTED_MODULE_2__/* .cost */ .y)(options.price, tokens.promptTokens, tokens.completionTokens) ??
            listPrice(service, response.modelUsage),
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
function listPrice(service, usage) {
    return service.getEstimatedCost(usage) || null;
}


/***/ })

};
