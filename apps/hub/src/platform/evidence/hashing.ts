/** The fastest hasher of this machine. */
import { type Hasher, sha256Hasher, wasmSha256Hasher } from '@bellwether/evidence';

/** WebAssembly with vectors where there is such a thing, plain code where not. One for each who hashes: it has its own memory. */
export function bestHasher(): Hasher {
  return wasmSha256Hasher() ?? sha256Hasher();
}
