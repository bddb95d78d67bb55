/** The bytes of the module that sha256.as.ts compiles to. */
export function compileSha256(): Promise<Uint8Array>;
