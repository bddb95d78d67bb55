/**
 * Enrolment. The code has two halves: the first is the secret, the second tells the hub's CA. So the agent looks at the hub's
 * certificates first, compares the CA with the code, and only then connects again, checked by that CA alone, and sends the secret.
 */
import { scryptSync, X509Certificate } from 'node:crypto';
import { connect, type DetailedPeerCertificate } from 'node:tls';
import type { AgentEnrolled, AgentEnrolment } from '@bellwether/api';
import {
  ENROLMENT_HALF,
  enrolmentPrint,
  enrolmentPrintTask,
  err,
  ok,
  type Result,
  typedCrockford,
} from '@bellwether/basics';
import type { AgentError } from '../errors.ts';
import type { Enrolled } from './enrolled.ts';
import { HubConnection, linkErrorOf, refusalIn } from './hub-connection.ts';
import { newAgentKey, requestFor } from './own-request.ts';

/** A first look takes a handshake, ms. */
const LOOK_TIME = 20_000;

/** Certificates of a chain that are looked at. */
const MOST_CHAIN = 4;

/** Both halves of a code, however it was typed; undefined where it is none. */
export function halvesOf(typed: string): { readonly secret: string; readonly print: string } | undefined {
  const code = typedCrockford(typed, 2 * ENROLMENT_HALF);
  return code === undefined
    ? undefined
    : { secret: code.slice(0, ENROLMENT_HALF), print: code.slice(ENROLMENT_HALF) };
}

/** Enrols this computer at a hub. Nothing of it is on disk yet. */
export async function enrolAt(
  hub: { readonly host: string; readonly port: number },
  code: { readonly secret: string; readonly print: string },
  version: string,
): Promise<Result<Omit<Enrolled, 'folder' | 'schema'>, AgentError>> {
  const seen = await lookAtAuthority(hub.host, hub.port);
  if (seen.isErr()) return seen;
  const { password, salt, length, cost } = enrolmentPrintTask(code.secret, seen.value);
  // This command does nothing else meanwhile.
  if (enrolmentPrint(scryptSync(password, salt, length, cost)) !== code.print)
    return err({
      code: 'LINK_HUB_FALSE',
      detail: 'it is not the hub of this code, or the code was typed wrong; nothing was sent to it',
    });
  const authority = new X509Certificate(seen.value).toString();
  const connection = new HubConnection({ ...hub, authority });
  const key = newAgentKey();
  try {
    const question: AgentEnrolment = { code: code.secret, request: await requestFor(key), version };
    const answer = await connection.askHub({
      method: 'POST',
      path: 'enrol',
      body: JSON.stringify(question),
      headers: { 'content-type': 'application/json' },
    });
    if (answer.isErr()) return answer;
    if (answer.value.status !== 200) return err(refusalIn(answer.value));
    const told = answer.value.value as AgentEnrolled;
    const fault = faultOf(told, authority);
    if (fault !== undefined) return err({ code: 'LINK_REFUSED', detail: fault });
    const { certificate, office, officeName, name, orderKey, never } = told;
    return ok({ ...hub, key, certificate, authority, office, officeName, name, orderKey, never });
  } finally {
    connection.close();
  }
}

function faultOf(told: AgentEnrolled, authority: string): string | undefined {
  const { certificate, office, officeName, name, orderKey, never } = told;
  const texts = [certificate, office, officeName, name, orderKey, ...(Array.isArray(never) ? never : [null])];
  if (!texts.every((text) => typeof text === 'string')) return 'its answer is not whole';
  const ca = new X509Certificate(authority);
  return new X509Certificate(certificate).verify(ca.publicKey)
    ? undefined
    : 'its certificate for this computer is of another CA';
}

/** The certificate (DER) of the CA that a hub shows: nothing is sent to it, and nothing of it is believed yet. */
function lookAtAuthority(host: string, port: number): Promise<Result<Buffer, AgentError>> {
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port,
      servername: host,
      minVersion: 'TLSv1.3',
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: false,
    });
    socket.setTimeout(LOOK_TIME, () => socket.destroy(new Error('it did not answer in time')));
    socket.once('error', (error) => resolve(err(linkErrorOf(error))));
    socket.once('secureConnect', () => {
      const last = lastOf(socket.getPeerCertificate(true));
      resolve(
        last === undefined
          ? err({ code: 'LINK_HUB_FALSE', detail: 'it shows no CA of its own; nothing was sent to it' })
          : ok(last),
      );
      socket.destroy();
    });
  });
}

function lastOf(first: DetailedPeerCertificate): Buffer | undefined {
  let at: DetailedPeerCertificate | undefined = first;
  for (let place = 0; place < MOST_CHAIN && at?.raw !== undefined; place++) {
    const issuer: DetailedPeerCertificate | undefined = at.issuerCertificate;
    if (issuer === at || issuer?.fingerprint256 === at.fingerprint256) return at.raw;
    if (issuer?.raw === undefined) return undefined;
    at = issuer;
  }
  return undefined;
}
