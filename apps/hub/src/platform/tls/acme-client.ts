/**
 * A conversation with an ACME directory: signed questions, each with a nonce of the directory's (RFC 8555, 6.5), and what
 * is refused as a failure.
 */
import { ok, type Result } from '@bellwether/basics';
import type { Static } from 'typebox';
import { type AcmeAnswer, type AcmeLine, exchange } from './acme-exchange.ts';
import { type AcmeFailure, acmeFailed, foreignText } from './acme-failure.ts';
import { type AccountKey, signedBody } from './acme-jws.ts';
import { AcmeAccount, AcmeDirectory, AcmeProblem, acmeObject } from './acme-objects.ts';

/** Prefix of the kinds of problems that RFC 8555, 6.7 lists. */
const PROBLEMS = 'urn:ietf:params:acme:error:';

/** A directory that refuses so many of its own nonces in a row refuses all. */
const MOST_NONCES = 12;

/** What a signed question may say beside its address. */
type Asking = {
  /** Undefined: it only reads. */
  readonly payload?: object;
  readonly accept?: string;
};

/** The conversation. */
export class AcmeClient {
  readonly line: AcmeLine;
  readonly key: AccountKey;
  readonly directory: Static<typeof AcmeDirectory>;
  #account: string | undefined;
  #nonce: string | undefined;

  constructor(line: AcmeLine, key: AccountKey, directory: Static<typeof AcmeDirectory>) {
    this.line = line;
    this.key = key;
    this.directory = directory;
  }

  /** Signs in with the key: an account that the directory knows is found by it, else one is made (7.3, 7.3.1). */
  async signInWithKey(contact: string | undefined): Promise<Result<void, AcmeFailure>> {
    const contacts = contact === undefined ? [] : [`mailto:${contact}`];
    const payload = { termsOfServiceAgreed: true, ...(contacts.length === 0 ? {} : { contact: contacts }) };
    const answer = await this.askSigned(this.directory.newAccount, { payload });
    if (answer.isErr()) return answer;
    if (answer.value.location === undefined)
      return acmeFailed('the directory did not say where the account is');
    const account = acmeObject(AcmeAccount, answer.value.body);
    if (account.isErr()) return account;
    if (account.value.status !== 'valid') {
      return acmeFailed(`the directory says that the account is ${foreignText(account.value.status)}`);
    }
    this.#account = answer.value.location;
    if (contacts.length === 0 || String(account.value.contact) === String(contacts)) return ok();
    const changed = await this.askSigned(this.#account, { payload: { contact: contacts } });
    return changed.isErr() ? changed : ok();
  }

  /** Asks a signed question; again with another nonce when that one was not taken. */
  async askSigned(url: string, { payload, accept }: Asking = {}): Promise<Result<AcmeAnswer, AcmeFailure>> {
    const signer = this.#account === undefined ? { jwk: this.key.jwk } : { kid: this.#account };
    for (let tried = 1; ; tried++) {
      const nonce = await this.#takeNonce();
      if (nonce.isErr()) return nonce;
      const body = signedBody(this.key, { ...signer, nonce: nonce.value, url }, payload);
      const question = { method: 'POST', url, body, ...(accept === undefined ? {} : { accept }) } as const;
      const answer = await exchange(this.line, question);
      if (answer.isErr()) return answer;
      this.#nonce = answer.value.nonce;
      if (answer.value.status < 400) return answer;
      const refused = refusalOf(answer.value);
      if (refused.problem !== 'badNonce' || tried === MOST_NONCES) return acmeFailed(refused.detail, refused);
    }
  }

  /** A nonce, each once: the one that came with the last answer, or a new one. */
  async #takeNonce(): Promise<Result<string, AcmeFailure>> {
    const kept = this.#nonce;
    this.#nonce = undefined;
    if (kept !== undefined) return ok(kept);
    const answer = await exchange(this.line, { method: 'HEAD', url: this.directory.newNonce });
    if (answer.isErr()) return answer;
    const { nonce, status } = answer.value;
    return nonce === undefined ? acmeFailed(`the directory gave no nonce (status ${status})`) : ok(nonce);
  }
}

/** Reads the directory, and begins a conversation with it. */
export async function meetDirectory(
  line: AcmeLine,
  url: string,
  key: AccountKey,
): Promise<Result<AcmeClient, AcmeFailure>> {
  const answer = await exchange(line, { method: 'GET', url });
  if (answer.isErr()) return answer;
  if (answer.value.status !== 200) return acmeFailed(`${url} answered with status ${answer.value.status}`);
  const directory = acmeObject(AcmeDirectory, answer.value.body);
  if (directory.isErr()) return directory;
  if (directory.value.meta?.externalAccountRequired === true) {
    return acmeFailed('the directory asks for an account that was made elsewhere, which the hub cannot show');
  }
  return ok(new AcmeClient(line, key, directory.value));
}

/** A problem as a failure. */
export function failureOf(problem: Static<typeof AcmeProblem>): AcmeFailure {
  const kind = problem.type?.startsWith(PROBLEMS) === true ? problem.type.slice(PROBLEMS.length) : undefined;
  const said = foreignText(problem.detail ?? problem.type ?? '');
  if (kind === undefined) return { detail: `the directory says: ${said}` };
  return { detail: `the directory says: ${said} (${foreignText(kind)})`, problem: kind };
}

function refusalOf({ status, body, retryAfter }: AcmeAnswer): AcmeFailure {
  const problem = acmeObject(AcmeProblem, body);
  if (problem.isErr()) return { detail: `the directory answered with status ${status}`, retryAfter };
  return { ...failureOf(problem.value), retryAfter };
}
