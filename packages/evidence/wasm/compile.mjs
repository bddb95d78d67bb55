import { compileAssembly } from '../../../scripts/assembly.mjs';

/** The bytes of the module. Throws if it does not compile. */
export function compileSha256() {
  return compileAssembly(new URL('.', import.meta.url), 'sha256');
}
