/**
 * DKIM signatures (RFC 6376, RFC 8463) and ARC seals (RFC 8617), made with mailauth, which is
 * loaded when the first message is signed: the other generators do without it.
 */
import type { MailDomain, SealKey } from '../world/domains.ts';

type Library = typeof import('mailauth');

/** The library: a CommonJS module, whose names bundlers do not tell before it runs. */
async function mailauth(): Promise<Library> {
  return (await import('mailauth')).default;
}

/** Fields that signatures cover, as large senders choose them. */
const SIGNED = [
  'from',
  'to',
  'cc',
  'subject',
  'date',
  'message-id',
  'reply-to',
  'in-reply-to',
  'references',
  'mime-version',
  'content-type',
  'list-id',
];

/** The message with its signature on top. */
export async function signMail(bytes: Buffer, domain: MailDomain, at: number): Promise<Buffer> {
  const { dkimSign } = await mailauth();
  // The library takes keys from this list only, though its types ask for one beside it.
  const key = { signingDomain: domain.name, selector: domain.selector, privateKey: domain.privateKey };
  const { signatures, errors } = await dkimSign(bytes, {
    ...key,
    algorithm: 'ed25519-sha256',
    canonicalization: 'relaxed/relaxed',
    signTime: new Date(at),
    headerList: [...SIGNED],
    signatureData: [key],
  });
  if (errors.length > 0) throw new Error(`not signed for ${domain.name}: ${errors.map(String).join('; ')}`);
  return Buffer.concat([Buffer.from(signatures), bytes]);
}

/** The message with the first seal of a chain on top. `results` is what the sealer says it saw. */
export async function sealMail(
  bytes: Buffer,
  domain: MailDomain,
  key: SealKey,
  at: number,
  results: string,
): Promise<Buffer> {
  // The library's types leave out what the chain says it saw.
  const options: Parameters<Library['sealMessage']>[1] & { authResults: string; cv: string; i: number } = {
    signingDomain: domain.name,
    selector: key.selector,
    privateKey: key.privateKey,
    algorithm: 'rsa-sha256',
    signTime: new Date(at),
    authResults: results,
    cv: 'none',
    i: 1,
    headerList: [...SIGNED],
  };
  const { sealMessage } = await mailauth();
  const seal = await sealMessage(bytes, options);
  return Buffer.concat([seal, bytes]);
}
