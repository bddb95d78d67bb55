/** A question of a scenario to a hub that it has started. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Outcome } from './assertions.ts';

/** A question that takes longer hangs, ms. */
const QUESTION_TIMEOUT_MS = 60_000;

/** `METHOD PATH [NAME=VALUE...] [< FILE]`: headers, and what is sent. The answer is the output; 0 stands for success. */
export async function ask(
  { url, token }: { readonly url: string; readonly token: string },
  words: readonly string[],
  work: string,
): Promise<Outcome> {
  const redirect = words.indexOf('<');
  const [method = '', path = '', ...fields] = redirect < 0 ? words : words.slice(0, redirect);
  if (!path.startsWith('/')) throw new Error('it reads: http NAME METHOD /PATH');
  const input = redirect < 0 ? undefined : words[redirect + 1];
  const headers = Object.fromEntries(fields.map((field) => field.split(/=(.*)/s, 2)));
  const body = input === undefined ? {} : { body: readFileSync(resolve(work, input)) };
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...headers },
    signal: AbortSignal.timeout(QUESTION_TIMEOUT_MS),
    ...body,
  });
  return { exit: answer.ok ? 0 : answer.status, stdout: await answer.text(), stderr: '' };
}
