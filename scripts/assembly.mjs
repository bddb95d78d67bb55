/**
 * Compiles AssemblyScript of a package with the assemblyscript of package-lock.json, and writes what comes out in base64
 * into a source of that package, since packages read no files. The same input gives the same bytes.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';

/** As fast as it gets: no collector of garbage, no checks of our own, SIMD, and the memory of whoever runs it. */
const OPTIONS = [
  ...['--optimizeLevel', '3', '--shrinkLevel', '0', '--converge', '--noAssert'],
  ...['--runtime', 'stub', '--enable', 'simd', '--importMemory'],
];

/** Characters of base64 in a line. */
const WIDTH = 100;

/** The bytes of the module that `NAME.as.ts` in the folder (a URL) compiles to. Throws if it does not compile. */
export async function compileAssembly(folder, name, options = []) {
  const outFile = `${name}.wasm`;
  let binary;
  const args = [`${name}.as.ts`, '--outFile', outFile, ...OPTIONS, ...options];
  const { error, stderr } = await asc.main(args, {
    readFile: (path) => {
      try {
        return readFileSync(new URL(path, folder), 'utf8');
      } catch {
        return null;
      }
    },
    writeFile: (path, contents) => {
      if (path === outFile) binary = contents;
    },
    listFiles: () => [],
  });
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  return binary;
}

/** Writes the bytes to `target` (a URL) as the constant `constant`; `wasm`: the way from there to the folder of the source. */
export function writeAssembly(binary, { target, constant, wasm, name }) {
  const lines = Buffer.from(binary)
    .toString('base64')
    .match(new RegExp(`.{1,${WIDTH}}`, 'g'))
    .map((line) => `  '${line}',`)
    .join('\n');
  const text = `/** The module made of ${wasm}/${name}.as.ts by ${wasm}/build.mjs; a test compiles it again and compares. */
export const ${constant}: string = [
${lines}
].join('');
`;
  writeFileSync(target, text);
  console.log(`${binary.length} bytes`);
}
