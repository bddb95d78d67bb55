// Compiles reading.as.ts with the assemblyscript of package-lock.json; the same input gives the same bytes.
import { readFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';

const OPTIONS = [
  ...['--optimizeLevel', '3', '--shrinkLevel', '0', '--converge', '--noAssert'],
  ...['--runtime', 'stub', '--enable', 'simd', '--importMemory', '--memoryBase', '1024'],
];

/** The bytes of the module. Throws if it does not compile. */
export async function compileReading() {
  let binary;
  const { error, stderr } = await asc.main(['reading.as.ts', '--outFile', 'reading.wasm', ...OPTIONS], {
    readFile: (name) => {
      try {
        return readFileSync(new URL(name, import.meta.url), 'utf8');
      } catch {
        return null;
      }
    },
    writeFile: (name, contents) => {
      if (name === 'reading.wasm') binary = contents;
    },
    listFiles: () => [],
  });
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  return binary;
}
