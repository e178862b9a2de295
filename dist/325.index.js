export const id = 325;
export const ids = [325];
export const modules = {

/***/ 5325:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  openEmbedded: () => (/* binding */ openEmbedded)
});

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./lib/errors.js
var errors = __webpack_require__(452);
// EXTERNAL MODULE: ./lib/files/read-write.js
var read_write = __webpack_require__(6993);
// EXTERNAL MODULE: ./lib/models/embedded/digest.js
var digest = __webpack_require__(481);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
// EXTERNAL MODULE: ./lib/models/model.js
var model = __webpack_require__(9107);
;// CONCATENATED MODULE: ./lib/models/embedded/prefix-slots.js
class PrefixSlots {
    #slots;
    #batchSize;
    constructor(sequences, batchSize) {
        this.#slots = sequences.map((sequence) => ({ sequence, prefix: null }));
        this.#batchSize = batchSize;
    }
    async sequenceAfter(prefix, signal) {
        const key = prefix.join(' ');
        const found = this.#slots.findIndex((slot) => slot.prefix === key);
        const [slot] = this.#slots.splice(Math.max(found, 0), 1);
        if (!slot)
            throw new RangeError('there are no slots');
        this.#slots.push(slot);
        if (found >= 0)
            await truncate(slot.sequence, prefix.length);
        else
            await this.#fill(slot, prefix, key, signal);
        return slot.sequence;
    }
    async #fill(slot, prefix, key, signal) {
        slot.prefix = null;
        await slot.sequence.clearHistory();
        for (let start = 0; start < prefix.length; start += this.#batchSize) {
            signal?.throwIfAborted();
            await slot.sequence.evaluateWithoutGeneratingNewTokens(prefix.slice(start, start + this.#batchSize));
        }
        slot.prefix = key;
    }
}
async function truncate(sequence, length) {
    if (sequence.nextTokenIndex > length) {
        await sequence.eraseContextTokenRanges([{ start: length, end: sequence.nextTokenIndex }]);
    }
}

// EXTERNAL MODULE: external "node:module"
var external_node_module_ = __webpack_require__(8995);
// EXTERNAL MODULE: ./lib/models/embedded/pull.js + 5 modules
var pull = __webpack_require__(666);
;// CONCATENATED MODULE: ./lib/models/embedded/runtime.js




async function startLlama(runtimePath, onMessage) {
    try {
        const importRuntime = (0,external_node_module_.createRequire)(external_node_path_.join(runtimePath, 'package.json'))(`./${pull/* runtimeEntry */.X1}`);
        const { getLlama } = await importRuntime();
        return await getLlama({
            gpu: process.platform === 'darwin' && process.arch === 'arm64' ? 'metal' : false,
            build: 'never',
            maxThreads: 0,
            logLevel: 'error',
            logger: (_level, message) => onMessage(message),
        });
    }
    catch (error) {
        throw (0,errors/* outsideError */.ul)(`the runtime of the embedded model in ${runtimePath} does not start (${error instanceof Error ? error.message : error})`, 'Run `promptline models pull --force`, or use a model of a provider', error);
    }
}

;// CONCATENATED MODULE: ./lib/models/embedded/transcript.js

const messageBreak = '\n\n';
const answerBreak = ' ';
function renderTranscript(messages) {
    const last = messages.at(-1);
    if (last?.role !== 'user' || last.content === '') {
        throw (0,errors/* inputError */.Xu)(`the last message is ${last ? describeMessage(last) : 'missing'}, so there is nothing to answer`, 'End the messages with a user message that has some text');
    }
    const earlier = messages.slice(0, -1);
    const isAmbiguous = earlier.some(({ role, content }) => role === 'assistant' && content.includes(messageBreak));
    return {
        prefix: paragraphs(earlier).join(messageBreak),
        suffix: last.content,
        endOfMessage: isAmbiguous ? null : messageBreak,
    };
}
function answerOf(generated) {
    return generated.startsWith(answerBreak) ? generated.slice(answerBreak.length) : generated;
}
function cutAtStop(text, stops) {
    const positions = stops
        .map((stop) => (stop === '' ? -1 : text.indexOf(stop)))
        .filter((position) => position >= 0);
    return positions.length === 0
        ? { text, stopped: false }
        : { text: text.slice(0, Math.min(...positions)), stopped: true };
}
function paragraphs(messages) {
    const result = [];
    for (const [index, { role, content }] of messages.entries()) {
        const question = role === 'assistant' && messages[index - 1]?.role === 'user' ? result.pop() : undefined;
        if (question !== undefined)
            result.push(`${question}${answerBreak}${content}`);
        else if (role !== 'system' || content.trim() !== '')
            result.push(content);
    }
    return result;
}
function describeMessage({ role, content }) {
    return content === '' ? `an empty ${role} message` : `a message of the ${role}`;
}

;// CONCATENATED MODULE: ./lib/models/embedded/embedded-model.js






const defaultMaxTokens = 256;
const batchSize = 256;
async function openEmbeddedModel(options) {
    const messages = [];
    const llama = await startLlama(options.runtimePath, (message) => messages.push(message.trim()));
    const loaded = await load(llama, options).catch(async (error) => {
        await llama.dispose();
        const reason = [error instanceof Error ? error.message : String(error), ...messages.slice(0, 1)].join('; ');
        throw (0,errors/* outsideError */.ul)(`${options.ggufPath} cannot be loaded (${reason})`, 'Check that it is a whole GGUF file of a text model and that it fits in memory', error);
    });
    let queue = Promise.resolve();
    return {
        id: options.id,
        identity: options.identity,
        concurrency: 1,
        reusesPrefixes: true,
        usdOf: () => 0,
        complete(request, signal) {
            const answer = queue.then(() => complete(loaded, request, signal));
            queue = answer.catch(() => { });
            return answer;
        },
        async close() {
            await queue;
            await llama.dispose();
        },
    };
}
function defaultThreads(physicalCores, logicalProcessors) {
    return Math.max(1, Math.min(physicalCores, logicalProcessors));
}
async function load(llama, options) {
    const { threads = defaultThreads(llama.cpuMathCores, (0,external_node_os_.availableParallelism)()), prefixSlots = 4 } = options;
    const weights = await llama.loadModel({ modelPath: options.ggufPath, gpuLayers: 0 });
    const contextSize = Math.min(options.contextSize ?? 2048, weights.trainContextSize);
    const context = await weights.createContext({
        contextSize,
        sequences: prefixSlots,
        batchSize,
        threads,
        flashAttention: false,
    });
    const sequences = Array.from({ length: prefixSlots }, () => context.getSequence());
    return { weights, contextSize, slots: new PrefixSlots(sequences, batchSize) };
}
async function complete(loaded, request, signal) {
    try {
        signal?.throwIfAborted();
        const started = performance.now();
        const answer = await generate(loaded, request, signal);
        return { ...answer, usd: 0, attempts: 1, cached: false, latencyMs: performance.now() - started };
    }
    catch (error) {
        throw signal?.aborted ? signal.reason : asModelError(error);
    }
}
async function generate(loaded, request, signal) {
    const { maxTokens = defaultMaxTokens, stop = [] } = request.parameters;
    const { prefix, suffix, endOfMessage } = renderTranscript(request.messages);
    const prefixTokens = tokenizePrefix(loaded.weights, prefix);
    const suffixTokens = tokenize(loaded.weights, suffix);
    const inputTokens = prefixTokens.length + suffixTokens.length;
    requireRoom(inputTokens, maxTokens, loaded.contextSize);
    const sequence = await loaded.slots.sequenceAfter(prefixTokens, signal);
    const stops = endOfMessage === null ? stop : [...stop, endOfMessage];
    const tokens = tokensAfter(sequence, suffixTokens, request);
    const generated = [];
    let text = '';
    let finishReason = 'stop';
    for await (const token of tokens) {
        signal?.throwIfAborted();
        generated.push(token);
        const cut = cutAtStop(loaded.weights.detokenize(generated, false, suffixTokens), stops);
        text = cut.text;
        if (cut.stopped)
            break;
        if (generated.length === maxTokens) {
            finishReason = 'length';
            break;
        }
    }
    return { text: answerOf(text), inputTokens, outputTokens: generated.length, finishReason };
}
function tokensAfter(sequence, tokens, { parameters, repeat }) {
    const { temperature = 0, topP = 1, seed = 0 } = parameters;
    return sequence.evaluate(tokens, { temperature, topP, topK: 0, seed: (seed + repeat) >>> 0 });
}
function tokenizePrefix(weights, prefix) {
    const { bos, shouldPrependBosToken } = weights.tokens;
    const start = shouldPrependBosToken && bos !== null ? [bos] : [];
    return prefix === '' ? start : [...start, ...tokenize(weights, prefix + messageBreak)];
}
function tokenize(weights, text) {
    return weights.tokenize(text, false, 'trimLeadingSpace');
}
function requireRoom(inputTokens, maxTokens, contextSize) {
    if (inputTokens + maxTokens <= contextSize)
        return;
    throw new model/* ModelError */.m(`the messages have ${inputTokens} tokens and the answer may have ${maxTokens}: ${inputTokens + maxTokens} in all, and the model's limit is ${contextSize}`, { fatal: false, kind: 'input', hint: 'Use fewer demonstrations, a shorter input or a lower maxTokens' });
}
function asModelError(error) {
    if (error instanceof model/* ModelError */.m)
        return error;
    const isKnown = error instanceof errors/* PromptlineError */.$F;
    const message = error instanceof Error ? error.message : String(error);
    return new model/* ModelError */.m(isKnown ? message : `the embedded model failed (${message})`, {
        fatal: false,
        cause: error,
        ...(isKnown && { kind: error.kind }),
        ...(isKnown && error.hint !== undefined && { hint: error.hint }),
    });
}

// EXTERNAL MODULE: ./lib/models/embedded/packages.js
var embedded_packages = __webpack_require__(2207);
;// CONCATENATED MODULE: ./lib/models/embedded/embedded.js









const largestContext = 8192;
async function openEmbedded(reference, options) {
    const ggufFile = /^gguf\/(.+)$/.exec(reference)?.[1];
    const model = ggufFile
        ? await ownFile(external_node_path_.resolve(options.repositoryRoot, ggufFile), options)
        : await embeddedModel(reference, options);
    const { threads } = options;
    return openEmbeddedModel({ id: reference, ...model, ...(threads !== undefined && { threads }) });
}
async function embeddedModel(reference, options) {
    const known = embedded_packages/* embeddedModelNames */.w.map((name) => `embedded/${name}`);
    if (!known.includes(reference)) {
        throw (0,errors/* inputError */.Xu)(`there is no embedded model "${reference}"`, `Use ${known.join(', ')}, or a GGUF file by its path (gguf/<path>)`);
    }
    const { ggufPath, sha256, runtimePath } = await (0,pull/* pullEmbeddedModel */.Fs)({
        ...options,
        download: options.autoPull,
    });
    return { ggufPath, runtimePath, identity: identityOf(reference, sha256, options) };
}
async function ownFile(ggufPath, options) {
    await requireGguf(ggufPath);
    const { sha256 } = await (0,digest/* stampedDigest */.BY)(ggufPath, stampOf(options.cache, ggufPath));
    const runtimePath = await (0,pull/* pullRuntime */.uf)({ ...options, download: options.autoPull });
    const identity = identityOf('gguf', sha256, options);
    return { ggufPath, runtimePath, identity, contextSize: largestContext, prefixSlots: 2 };
}
function identityOf(name, sha256, { pins }) {
    const { runtime } = pins ?? (0,embedded_packages/* embeddedPins */.X)(process.platform, process.arch);
    return `${name} sha256:${sha256} ${runtime.name}`;
}
async function requireGguf(file) {
    const start = await firstBytes(file).catch((error) => {
        const reason = (0,read_write/* errorCode */.CA)(error) === 'ENOENT' ? 'does not exist' : `cannot be read (${(0,read_write/* errorCode */.CA)(error)})`;
        throw (0,errors/* inputError */.Xu)(`the model file ${file} ${reason}`, 'Check the path; a relative one starts at the repository');
    });
    if (start !== 'GGUF') {
        throw (0,errors/* outsideError */.ul)(`${file} is not a GGUF file`, 'Download it again, or convert the model to GGUF');
    }
}
async function firstBytes(file) {
    const handle = await (0,promises_.open)(file);
    try {
        const { bytesRead, buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
        return buffer.toString('latin1', 0, bytesRead);
    }
    finally {
        await handle.close();
    }
}
function stampOf(cache, ggufPath) {
    return external_node_path_.join(cache, 'digests', `${(0,external_node_crypto_.createHash)('sha256').update(ggufPath).digest('hex')}.json`);
}


/***/ })

};
