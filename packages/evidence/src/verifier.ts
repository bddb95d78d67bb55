/** What checking signatures is asked of: Web Crypto, node:crypto, or a library where neither can. */

/** Checks signatures. Resolves to false for whatever is no good, malformed keys and signatures included. */
export type Verifier = {
  /** RFC 8032; key of 32 bytes, signature of 64. */
  ed25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>;
  /** ECDSA over P-256 with SHA-256 (FIPS 186-5), as passkeys sign: the key an uncompressed point of 65 bytes, the signature in DER. */
  p256(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>;
  /** FIPS 204; key of 1,312 bytes, signature of 2,420. */
  mlDsa44(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>;
};
