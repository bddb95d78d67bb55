export { type Brand, brand } from './brand.ts';
export {
  CANONICAL_BOUNDS,
  type CanonicalBounds,
  type CanonicalError,
  type CanonicalFault,
  canonicalJson,
} from './canonical.ts';
export { crockfordText, typedCrockford } from './crockford.ts';
export { type CsvRow, type CsvRows, csvRows } from './csv.ts';
export {
  ENROLMENT_HALF,
  ENROLMENT_HALF_BYTES,
  type EnrolmentPrintTask,
  enrolmentPrint,
  enrolmentPrintTask,
} from './enrolment-code.ts';
export { defineErrors, type ErrorCatalogue, type ErrorEntry } from './errors.ts';
export { SyslogFraming, type TakeMessage } from './framing/syslog-framing.ts';
export { type Framing, Unfinished } from './framing/unfinished.ts';
export { type AddressWords, formatIPv4, formatIPv6, readAddressText } from './net/address.ts';
export {
  type Cidr,
  type CidrError,
  contains,
  formatCidr,
  masked,
  overlaps,
  parseCidr,
  widthOf,
} from './net/cidr.ts';
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
