export const id = 262;
export const ids = [262];
export const modules = {

/***/ 262:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   axEmbedder: () => (/* binding */ axEmbedder)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(452);
/* harmony import */ var _formats_json_span_js__WEBPACK_IMPORTED_MODULE_7__ = __webpack_require__(302);
/* harmony import */ var _ax_providers_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5922);
/* harmony import */ var _embedding_vectors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9778);
/* harmony import */ var _http_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(8232);
/* harmony import */ var _openai_compatible_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(2854);
/* harmony import */ var _request_failure_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(4732);
/* harmony import */ var _retry_js__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(3860);








const EMBEDDING_TRANSPORTS = ['openai-chat', 'gemini-generate-content'];
async function axEmbedder(options, tools = _http_js__WEBPACK_IMPORTED_MODULE_3__/* .systemRetryTools */ .V) {
    const ax = await Promise.all(/* import() */[__webpack_require__.e(704), __webpack_require__.e(596)]).then(__webpack_require__.bind(__webpack_require__, 1704));
    const profile = ax.axGetAIProfile(options.type);
    if (!EMBEDDING_TRANSPORTS.includes(profile.transport))
        throw noEmbeddings(options);
    const id = `${options.provider}/${options.model}`;
    const address = options.baseUrl ?? profile.baseURL ?? options.type;
    const policy = {
        tries: options.tries ?? _retry_js__WEBPACK_IMPORTED_MODULE_6__/* .DEFAULT_TRIES */ .gh,
        timeoutMs: options.timeoutMs ?? _retry_js__WEBPACK_IMPORTED_MODULE_6__/* .DEFAULT_TIMEOUT_MS */ .t1,
        model: id,
        address,
        apiKeyEnv: options.apiKeyEnv ?? _ax_providers_js__WEBPACK_IMPORTED_MODULE_1__/* .axProviders */ .wg[options.type].apiKeyEnv[0],
    };
    return {
        id,
        identity: `${id} ${address}`,
        async embed(texts, signal) {
            const attempt = (attemptSignal) => embedOnce(ax, options, policy.timeoutMs, texts, attemptSignal);
            const { value, attempts } = await (0,_retry_js__WEBPACK_IMPORTED_MODULE_6__/* .withRetries */ .LH)(attempt, policy, tools, signal);
            return { ...value, attempts, cached: 0 };
        },
    };
}
async function embedOnce(ax, options, timeoutMs, texts, signal) {
    let failure;
    const send = async (input, init) => {
        try {
            return await sendOnce(ax, options, String(input), init, signal);
        }
        catch (error) {
            if (error instanceof _request_failure_js__WEBPACK_IMPORTED_MODULE_5__/* .RequestFailure */ .e6)
                failure = error;
            throw error;
        }
    };
    const service = createService(ax, options, send);
    let response;
    try {
        response = await service.embed({ texts, embedModel: options.model }, { retry: { maxRetries: 0 }, timeout: timeoutMs * 2 });
    }
    catch (error) {
        if (failure)
            throw failure;
        const text = (0,_request_failure_js__WEBPACK_IMPORTED_MODULE_5__/* .providerText */ .xN)(error instanceof Error ? error.message : String(error), options.apiKey);
        throw new _request_failure_js__WEBPACK_IMPORTED_MODULE_5__/* .RequestFailure */ .e6('invalid', `the answer cannot be read: ${text}`, { cause: error });
    }
    const vectors = (0,_embedding_vectors_js__WEBPACK_IMPORTED_MODULE_2__/* .checkVectors */ .h)(response.embeddings, texts.length);
    const inputTokens = response.modelUsage?.tokens?.promptTokens;
    if (inputTokens === undefined)
        return { vectors, inputTokens: 0, usd: null };
    return { vectors, inputTokens, usd: (0,_openai_compatible_js__WEBPACK_IMPORTED_MODULE_4__/* .cost */ .y)(options.price, inputTokens, 0) };
}
function createService(ax, { type, model, apiKey, baseUrl }, fetch) {
    const place = type === 'azure-openai' ? { resourceName: baseUrl, deploymentName: model } : { apiURL: baseUrl };
    const service = {
        name: type,
        ...(apiKey !== undefined && { apiKey }),
        ...(baseUrl !== undefined && place),
        config: { model, embedModel: model },
        options: { fetch, includeRequestBodyInErrors: false },
    };
    return ax.ai(service);
}
async function sendOnce(ax, { type, baseUrl, apiKey }, url, init, signal) {
    const ownAddress = ax.axGetAIProfile(type).baseURL;
    const moved = baseUrl !== undefined && ownAddress !== undefined && url.startsWith(ownAddress);
    const target = moved ? baseUrl.replace(/\/+$/, '') + url.slice(ownAddress.length) : url;
    const headers = Object.fromEntries(new Headers(init?.headers));
    const body = await new Response(init?.body ?? null).text();
    const text = await (0,_http_js__WEBPACK_IMPORTED_MODULE_3__/* .post */ .b)(target, { headers, body, secret: apiKey, signal });
    return new Response(inOrder(text), { headers: { 'content-type': 'application/json' } });
}
function inOrder(body) {
    const answer = parse(body);
    if (!(0,_formats_json_span_js__WEBPACK_IMPORTED_MODULE_7__/* .isJsonObject */ .O)(answer) || !Array.isArray(answer['data']))
        return body;
    const indexOf = (item) => ((0,_formats_json_span_js__WEBPACK_IMPORTED_MODULE_7__/* .isJsonObject */ .O)(item) ? Number(item['index']) : Number.NaN);
    const data = answer['data'].toSorted((a, b) => indexOf(a) - indexOf(b));
    return JSON.stringify({ ...answer, data });
}
function parse(body) {
    try {
        return JSON.parse(body);
    }
    catch {
        return undefined;
    }
}
function noEmbeddings({ provider, type }) {
    return (0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .inputError */ .Xu)(`The provider ${provider} offers no embeddings`, type === 'openai-responses'
        ? 'Write openai/MODEL for its embeddings'
        : 'Name another provider, as in openai/text-embedding-3-small');
}


/***/ })

};
