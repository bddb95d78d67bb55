/** Headers of every answer: what a browser may do with it is as little as the desk needs. */
/** Only files of our own; no inline script or style, no frame, and no text that becomes script. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  // The desk makes script of no text, so it needs no policy by which one would be allowed.
  "trusted-types 'none'",
].join('; ');

/** Headers of every answer. */
const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
};

/** Where HTTPS was spoken once, the browser never tries without it for a year (RFC 6797). Neighbouring names are not ours to bind. */
const HSTS = 'max-age=31536000';

/** Headers of an answer on this connection. Without TLS no HSTS: the name is `localhost`, which others use too. */
export function securityHeaders(tls: boolean): Readonly<Record<string, string>> {
  return tls ? { ...SECURITY_HEADERS, 'strict-transport-security': HSTS } : SECURITY_HEADERS;
}
