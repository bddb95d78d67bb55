/** HTTPS of the hub: where its certificate comes from, and what listening asks of it. Times are ms since 1970. */

/** What the configuration says under `https`. Exactly one of `certificate`, `acme` and `own`. */
export type HttpsConfig = {
  /** The one name under which people reach the hub: in the certificate, and what their passkeys belong to. */
  readonly name: string;
  /** Address to listen at; 127.0.0.1 if nothing is said. Any other waits for a first administrator. */
  readonly host?: string;
  /** 8443 if nothing is said. */
  readonly port?: number;
  /** PEM files: the chain, leaf first, and its key. Read again when they change. */
  readonly certificate?: string;
  readonly key?: string;
  /** RFC 8555, with the challenge `http-01` on this port of `host` (80). */
  readonly acme?: {
    readonly directory: string;
    readonly contact?: string;
    readonly port?: number;
    /** PEM of a CA that the directory's own certificate is checked with, beside those of the system. */
    readonly ca?: string;
  };
  /** The hub's own small CA, for closed networks. */
  readonly own?: true;
};

/** What a TLS server is given: PEM. */
export type ServingCertificate = {
  readonly cert: string;
  readonly key: string;
  readonly notAfter: number;
};

/** Where certificates come from. */
export type CertificateSource = {
  /** The one to serve now; null until an ACME directory has issued the first one: nobody is let in meanwhile. */
  readonly current: ServingCertificate | null;
  /** Called whenever there is a new one; the server takes it without ending a connection. */
  onChange(listener: (certificate: ServingCertificate) => void): void;
  /** SHA-256 of the own CA's certificate, as colon-separated hex; null where it is not ours. */
  readonly fingerprint: string | null;
  /** The own CA's certificate, PEM; null where it is not ours. */
  readonly authority: string | null;
  /** The last thing that went wrong while a new one was to be had; null if nothing. Served on all the while. */
  readonly trouble: string | null;
  close(): Promise<void>;
};

/** What a source is told, and whom it tells. */
export type CertificateOptions = {
  /** Called when something goes wrong while a new one is to be had, and with null when that is over. */
  readonly onTrouble?: (trouble: string | null) => void;
  /** Whether there is an administrator; nobody, if nothing is said. ACME on another address than the loopback waits for one. */
  readonly hasAdministrator?: () => boolean;
};
