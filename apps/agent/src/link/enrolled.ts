/**
 * What an agent is since it was enrolled, in its folder, for its owner alone:
 *
 *     key.pem          its key (PKCS #8), made here; it never leaves
 *     certificate.pem  its certificate, renewed at two thirds of its life
 *     authority.pem    certificate of the hub's CA: nobody else is believed
 *     agent.json       who it is, and of which hub; written last, so that what was cut off is no agent
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '@bellwether/basics';
import type { AgentError } from '../errors.ts';
import { readBounded, writeWhole } from '../witness/whole-file.ts';

const SCHEMA = 'bellwether/agent@1';

/** For the owner alone. */
const PRIVATE = 0o600;
const OTHERS = 0o077;

/** Far more than any of the files has. */
const MOST_BYTES = 65_536;

/** Where the agent of a package keeps its files. */
export const USUAL_FOLDER = '/var/lib/bellwether-agent';

/** Who it is: `agent.json`. */
export type AgentFacts = {
  readonly schema: typeof SCHEMA;
  /** DNS name and port of the hub. */
  readonly host: string;
  readonly port: number;
  readonly office: string;
  readonly officeName: string;
  readonly name: string;
  /** Public key of orders: SPKI, base64. */
  readonly orderKey: string;
  readonly never: readonly string[];
};

/** An agent that is enrolled. */
export type Enrolled = AgentFacts & {
  readonly folder: string;
  readonly key: string;
  readonly certificate: string;
  readonly authority: string;
};

/** Whether somebody is enrolled in this folder. */
export async function isEnrolledIn(folder: string): Promise<boolean> {
  return (await readBounded(join(folder, 'agent.json'), MOST_BYTES)) !== undefined;
}

/** Keeps a new agent. Throws what the file system throws. */
export async function keepEnrolled(agent: Omit<Enrolled, 'schema'>): Promise<void> {
  const { folder, key, certificate, authority, ...facts } = agent;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeWhole(join(folder, 'key.pem'), key, PRIVATE);
  await writeWhole(join(folder, 'certificate.pem'), certificate, PRIVATE);
  await writeWhole(join(folder, 'authority.pem'), authority, PRIVATE);
  const text = `${JSON.stringify({ schema: SCHEMA, ...facts }, null, 2)}\n`;
  await writeWhole(join(folder, 'agent.json'), text, PRIVATE);
}

/** Keeps the next certificate. Throws what the file system throws. */
export async function keepCertificate(folder: string, certificate: string): Promise<void> {
  await writeWhole(join(folder, 'certificate.pem'), certificate, PRIVATE);
}

/** The agent in a folder. */
export async function readEnrolled(folder: string): Promise<Result<Enrolled, AgentError>> {
  const names = ['agent.json', 'key.pem', 'certificate.pem', 'authority.pem'] as const;
  try {
    const [json, key, certificate, authority] = await Promise.all(
      names.map((name) => readBounded(join(folder, name), MOST_BYTES)),
    );
    if (json === undefined) return err({ code: 'LINK_NOT_ENROLLED', detail: folder });
    if (key === undefined || certificate === undefined || authority === undefined)
      return unreadable(folder, 'a file is missing');
    const { mode } = await stat(join(folder, 'key.pem'));
    if ((mode & OTHERS) !== 0) return unreadable(folder, 'others can read key.pem: close it with chmod 600');
    const facts = factsIn(JSON.parse(json));
    if (facts === undefined) return unreadable(folder, 'agent.json is not as it was written');
    if (!new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key)))
      return unreadable(folder, 'key.pem and certificate.pem do not belong together');
    new X509Certificate(authority);
    return ok({ ...facts, folder, key, certificate, authority });
  } catch (cause) {
    return unreadable(folder, (cause as Error).message);
  }
}

function factsIn(value: unknown): AgentFacts | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const facts = value as Partial<Record<keyof AgentFacts, unknown>>;
  const texts = [facts.host, facts.office, facts.officeName, facts.name, facts.orderKey];
  const isWhole =
    facts.schema === SCHEMA &&
    texts.every((text) => typeof text === 'string') &&
    Number.isInteger(facts.port) &&
    Array.isArray(facts.never) &&
    facts.never.every((text) => typeof text === 'string');
  return isWhole ? (value as AgentFacts) : undefined;
}

function unreadable(folder: string, why: string): Result<never, AgentError> {
  return err({ code: 'LINK_FOLDER_UNREADABLE', detail: `${folder}: ${why}` });
}
