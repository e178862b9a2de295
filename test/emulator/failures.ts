/** An answer other than the one that was asked for, in GitHub's shape. Thrown anywhere below the server. */
export class ApiFailure extends Error {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    message: string,
    more: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ) {
    super(message);
    this.status = status;
    this.headers = headers;
    // The published schema of a validation error has no `status`.
    const code = status === 422 ? {} : { status: String(status) };
    this.body = { message, ...more, documentation_url: 'https://docs.github.com/rest', ...code };
  }
}

/** No requests are left of this hour's. GraphQL tells it with status 200. */
export class RateExceeded extends ApiFailure {
  constructor(account: string, headers: Record<string, string> = {}) {
    super(403, `API rate limit exceeded for ${account}.`, {}, { 'x-ratelimit-remaining': '0', ...headers });
  }
}

type FieldError = { resource: string; field?: string; code: string; message?: string };

export function notFound(): ApiFailure {
  return new ApiFailure(404, 'Not Found');
}

export function validationFailed(...errors: FieldError[]): ApiFailure {
  return new ApiFailure(422, 'Validation Failed', { errors });
}

export function unprocessable(message: string): ApiFailure {
  return new ApiFailure(422, message);
}

export function notAccessible(kind: 'integration' | 'personal access token'): ApiFailure {
  return new ApiFailure(403, `Resource not accessible by ${kind}`);
}
