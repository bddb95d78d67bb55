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

/** SHA-256 of the bytes. */
export type Sha256 = (bytes: Uint8Array) => Promise<Uint8Array>;

/** What was signed as it stands (DER), and the signature: r and s, 32 bytes each. */
export type Signed = { readonly body: Uint8Array; readonly signature: Uint8Array };

/** What a certificate is for. Times are ms since 1970, whole seconds. */
export type CertificateContent = {
  /** Positive; 20 bytes at most with its sign, so 159 bits. What was parsed has no zero bytes at its start. */
  readonly serial: Uint8Array;
  /** Common names of 64 characters at most. That of a leaf with names may be empty. */
  readonly issuer: string;
  readonly subject: string;
  readonly notBefore: number;
  readonly notAfter: number;
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  /** A CA that signs leaves and lists, and no other CA. */
  readonly authority: boolean;
  /** Of a leaf: one at least, `server` first. An authority has none. */
  readonly usages: readonly ('server' | 'client')[];
  /** Of a leaf; 32 at most. */
  readonly names: readonly AlternativeName[];
};

/** A certificate that was parsed. */
export type Certificate = Signed & {
  readonly content: CertificateContent;
  /** Identifiers of its own key, and of the key that signed it: 20 bytes each. */
  readonly subjectKeyId: Uint8Array;
  readonly authorityKeyId: Uint8Array;
};

/** Name in a certificate: DNS name, address, or URI. */
export type AlternativeName =
  | { readonly dns: string }
  /** 4 or 16 bytes. */
  | { readonly ip: Uint8Array }
  | { readonly uri: string };

/** A request for a certificate. Whoever issues decides what of it holds. */
export type RequestContent = {
  /** A common name; may be empty. */
  readonly subject: string;
  readonly publicKey: Uint8Array;
  readonly names: readonly AlternativeName[];
};

/** A request that was parsed. */
export type CertificateRequest = Signed & { readonly content: RequestContent };

/** A certificate revocation list. Serials are as in certificates, and come once. */
export type RevocationContent = {
  readonly issuer: string;
  readonly number: number;
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  readonly revoked: readonly { readonly serial: Uint8Array; readonly at: number }[];
};

/** A list that was parsed. */
export type RevocationList = Signed & {
  readonly content: RevocationContent;
  /** Identifier of the key that signed it: 20 bytes. */
  readonly authorityKeyId: Uint8Array;
};
