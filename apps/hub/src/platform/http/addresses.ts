/** Which addresses the hub may listen at. Pure, so that the rule can be read and tested without a socket. */
import { isIP } from 'node:net';
import { type HttpError, httpError } from './errors.ts';

/** What stands for this machine alone. */
const IPV4_LOOPBACK = /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/;

/** The addresses that are meant; undefined if others than this machine reach one of them. Both loopbacks if nothing is said: `localhost` may mean either. */
export function loopbackHosts(host: string | undefined): readonly string[] | undefined {
  if (host === undefined || host === 'localhost') return ['127.0.0.1', '::1'];
  if (host === '::1' || (IPV4_LOOPBACK.test(host) && isIP(host) === 4)) return [host];
  return undefined;
}

/**
 * Whether HTTPS may listen there: on this machine always, elsewhere only when a first administrator is set up; until then
 * whoever has the token is alone with the hub. Undefined: it may. Plain HTTP never listens elsewhere, and does not ask.
 */
export function mayBind(host: string | undefined, hasAdministrator: boolean): HttpError | undefined {
  if (loopbackHosts(host) !== undefined) return undefined;
  if (isIP(host!) === 0) {
    return httpError('HTTP_ADDRESS_REFUSED', `${JSON.stringify(host)} is no address of a machine`);
  }
  if (hasAdministrator) return undefined;
  return httpError('HTTP_ADDRESS_REFUSED', `other machines reach ${host}, and there is no administrator yet`);
}
