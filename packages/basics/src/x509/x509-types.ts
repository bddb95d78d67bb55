/**
 * X.509 as RFC 5280 profiles it, PKCS#10 as RFC 2986: only P-256 with ECDSA and SHA-256, only what a small CA needs.
 * Everything is DER; a parser takes exactly what its writer gives, and refuses the rest. Signing and checking come in as
 * parameters: this runs in Node and in a browser.
 */

/** A key of P-256 that can sign. */
export type Signer = {
  /** SubjectPublicKeyInfo, DER (RFC 5480). */
  readonly publicKey: Uint8Array;
  /** Signature over SHA-256 of the bytes: r and s, 32 bytes each (IEEE P1363, as Web Crypto gives it). */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
};

/** Whether a signature (r and s, 32 bytes each) over SHA-256 of `bytes` is that of the key (SubjectPublicKeyInfo). */
export type CheckSignature = (
  publicKey: Uint8Array,
  bytes: Uint8Array,
  signature: Uint8Array,
) => Promise<boolean>;

/** What a certificate is for. Times are ms since 1970, whole seconds. */
export type CertificateContent = {
  /** 20 bytes at most, positive. */
  readonly serial: Uint8Array;
  /** Common names. */
  readonly issuer: string;
  readonly subject: string;
  readonly notBefore: number;
  readonly notAfter: number;
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  readonly authority: boolean;
  /** Of a leaf. */
  readonly usages: readonly ('server' | 'client')[];
  readonly names: readonly AlternativeName[];
};

/** Name in a certificate: DNS name, address, or URI. */
export type AlternativeName =
  | { readonly dns: string }
  /** 4 or 16 bytes. */
  | { readonly ip: Uint8Array }
  | { readonly uri: string };

/** A request for a certificate. Whoever issues decides what of it holds. */
export type RequestContent = {
  readonly subject: string;
  readonly publicKey: Uint8Array;
  readonly names: readonly AlternativeName[];
};

/** A certificate revocation list. */
export type RevocationContent = {
  readonly issuer: string;
  readonly number: number;
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  readonly revoked: readonly { readonly serial: Uint8Array; readonly at: number }[];
};
