export { type Brand, brand } from './brand.ts';
export {
  CANONICAL_BOUNDS,
  type CanonicalBounds,
  type CanonicalError,
  type CanonicalFault,
  canonicalJson,
} from './canonical.ts';
export { type CsvRow, type CsvRows, csvRows } from './csv.ts';
export { defineErrors, type ErrorCatalogue, type ErrorEntry } from './errors.ts';
export { BrokenExpectation, type Err, err, type Ok, ok, type Result } from './result.ts';
export { certificateOf, parseCertificate } from './x509/certificate.ts';
export { X509_ERRORS, type X509Error, type X509ErrorCode } from './x509/errors.ts';
export { isCommonName, isDnsName } from './x509/names.ts';
export { decodePem, type PemLabel, pemOf } from './x509/pem.ts';
export { certificateRequestOf, parseCertificateRequest } from './x509/request.ts';
export { parseRevocationList, revocationListOf } from './x509/revocation.ts';
export { isSignedBy } from './x509/signed.ts';
export type {
  AlternativeName,
  Certificate,
  CertificateContent,
  CertificateRequest,
  CheckSignature,
  RequestContent,
  RevocationContent,
  RevocationList,
  Sha256,
  Signed,
  Signer,
} from './x509/x509-types.ts';
