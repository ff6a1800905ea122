import type { components } from './schema';

type Problem = components['schemas']['Problem'];

/** Why a request failed, ready to be shown: what failed, what it means, what to do. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly fix: string;

  constructor({ status, code, title, detail, fix }: Pick<Problem, 'status' | 'code' | 'title' | 'detail' | 'fix'>) {
    super(detail);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.title = title;
    this.fix = fix;
  }
}

/** The server was not reached at all. */
export function unreachable(): ApiError {
  return new ApiError({
    status: 0,
    code: 'unreachable',
    title: 'The server does not answer',
    detail: 'This page could not reach Tillbridge. Orders that are under way are not affected by it.',
    fix: 'Check that `tillbridge serve` is running, then try again.',
  });
}

/** What the server answered with, or what we know if it is not one of its problems (a proxy's page, say). */
export function toError(status: number, body: unknown): ApiError {
  if (isProblem(body)) return new ApiError(body);
  return new ApiError({
    status,
    code: 'unexpected_answer',
    title: `The server answered ${status}`,
    detail: 'The answer is not one that Tillbridge gives. Something between this page and the server may have written it.',
    fix: 'Try again. If it stays, check the proxy in front of Tillbridge, if there is one.',
  });
}

/** Any thrown value as an error with words. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError({
    status: 0,
    code: 'page_failed',
    title: 'This page could not show what it got',
    detail: error instanceof Error ? error.message : String(error),
    fix: 'Reload the page. If it stays, report it with this text.',
  });
}

function isProblem(body: unknown): body is Problem {
  if (typeof body !== 'object' || body === null) return false;
  const texts = ['code', 'title', 'detail', 'fix'].every((key) => typeof (body as Record<string, unknown>)[key] === 'string');
  return texts && typeof (body as Record<string, unknown>)['status'] === 'number';
}
