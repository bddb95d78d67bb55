import { compileAssembly } from '../../../scripts/assembly.mjs';

/** The bytes of the module; what it keeps begins behind the first KiB of the memory. Throws if it does not compile. */
export function compileReading() {
  return compileAssembly(new URL('.', import.meta.url), 'reading', ['--memoryBase', '1024']);
}
