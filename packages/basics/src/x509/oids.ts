/** The object identifiers that we write and look for, each with the standard that gave it. */
export const OID = {
  /** RFC 5480: keys on elliptic curves, and the curve P-256. */
  ecPublicKey: '1.2.840.10045.2.1',
  prime256v1: '1.2.840.10045.3.1.7',
  /** RFC 5758. */
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  /** X.520: an attribute of a name. */
  commonName: '2.5.4.3',
  /** RFC 2985: an attribute of a request. */
  extensionRequest: '1.2.840.113549.1.9.14',
  /** RFC 5280, 4.2.1: extensions of certificates. */
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  /** RFC 5280, 4.2.1.12: what a leaf is for. */
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  /** RFC 5280, 5.2.3: an extension of lists. */
  crlNumber: '2.5.29.20',
} as const;
