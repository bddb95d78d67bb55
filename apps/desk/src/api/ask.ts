/** Asks the hub. What it answers that is no success is a `HubProblem`: what happened, and what to do. */
import type { Problem, SurfaceProblems } from '@bellwether/api';
import { isUnattended, UNATTENDED_HEADER } from './attended.ts';

/** An answer that was no success; thrown, so that every page shows it in the same way. */
export class HubProblem extends Error {
  override readonly name = 'HubProblem';
  readonly status: number;
  readonly problem: Problem;

  constructor(status: number, problem: Problem) {
    super(problem.message);
    this.status = status;
    this.problem = problem;
  }
}

/** What is said where the hub says nothing: it is stopped, or the line is cut. */
const UNREACHABLE: Problem = {
  code: 'HUB_UNREACHABLE',
  message: 'The hub does not answer.',
  help: 'Nothing that was acknowledged is lost. Check that the command `bellwether up` runs; this page asks again by itself.',
};

/** What is said where something else than the hub answered. */
const NOT_UNDERSTOOD: Problem = {
  code: 'HUB_NOT_UNDERSTOOD',
  message: 'The answer was not one of the hub.',
  help: 'Load the page again. If it stays so, something between this browser and the hub answers in its place.',
};

/** Values of a query; what is undefined or empty is left out. */
export type Terms = Readonly<Record<string, string | number | undefined>>;

/** Address of a question. */
export function address(path: string, terms: Terms = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(terms)) {
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  const text = query.toString();
  return `/api/v1/${path}${text === '' ? '' : `?${text}`}`;
}

/** GET. The shape is the contract's: the hub checks its answers against the same schema. */
export function ask<Answer>(path: string, terms: Terms = {}, signal?: AbortSignal): Promise<Answer> {
  return send(address(path, terms), signal === undefined ? {} : { signal });
}

/** POST or PUT of JSON. */
export function tell<Answer>(method: 'POST' | 'PUT', path: string, body: unknown): Promise<Answer> {
  return send(address(path), {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** GET of a page to print, which is no JSON unless the hub says no. */
export async function askForPage(path: string): Promise<Blob> {
  const response = await reach(address(path), {});
  if (response.ok) return await response.blob();
  return await answerIn<never>(response);
}

async function send<Answer>(url: string, init: RequestInit): Promise<Answer> {
  return await answerIn<Answer>(await reach(url, init));
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  if (isUnattended()) headers.set(UNATTENDED_HEADER, '1');
  try {
    return await fetch(url, { ...init, headers, credentials: 'same-origin' });
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error;
    throw new HubProblem(0, UNREACHABLE);
  }
}

const NO_CONTENT = 204;

async function answerIn<Answer>(response: Response): Promise<Answer> {
  // It was done, and there is nothing to tell: whoever asked for it expects nothing.
  if (response.status === NO_CONTENT) return undefined as Answer;
  let body: unknown;
  try {
    body = await response.json();
  } catch {
    throw new HubProblem(response.status, NOT_UNDERSTOOD);
  }
  if (response.ok) return body as Answer;
  if (isSurfaceProblems(body)) throw new SurfaceRefused(body);
  throw new HubProblem(response.status, isProblem(body) ? body : NOT_UNDERSTOOD);
}

/** A surface with mistakes: which lines they are on. */
export class SurfaceRefused extends Error {
  override readonly name = 'SurfaceRefused';
  readonly problems: SurfaceProblems['problems'];

  constructor({ problems }: SurfaceProblems) {
    super('The surface has mistakes.');
    this.problems = problems;
  }
}

function isSurfaceProblems(body: unknown): body is SurfaceProblems {
  return typeof body === 'object' && body !== null && 'problems' in body && Array.isArray(body.problems);
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'message' in body && 'help' in body;
}
