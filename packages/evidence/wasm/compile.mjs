// Compiles sha256.as.ts with the assemblyscript of package-lock.json; the same input gives the same bytes.
import { readFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';

const OPTIONS = [
  ...['--optimizeLevel', '3', '--shrinkLevel', '0', '--converge', '--noAssert'],
  ...['--runtime', 'stub', '--enable', 'simd', '--importMemory'],
];

/** The bytes of the module. Throws if it does not compile. */
export async function compileSha256() {
  let binary;
  const { error, stderr } = await asc.main(['sha256.as.ts', '--outFile', 'sha256.wasm', ...OPTIONS], {
    readFile: (name) => {
      try {
        return readFileSync(new URL(name, import.meta.url), 'utf8');
      } catch {
        return null;
      }
    },
    writeFile: (name, contents) => {
      if (name === 'sha256.wasm') binary = contents;
    },
    listFiles: () => [],
  });
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  return binary;
}
