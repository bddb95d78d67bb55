// Compiles sha256.as.ts and writes it, in base64, to ../src/wasm-binary.ts: packages read no files.
//     node packages/evidence/wasm/build.mjs
import { writeFileSync } from 'node:fs';
import { compileSha256 } from './compile.mjs';

const binary = await compileSha256();
const lines = Buffer.from(binary)
  .toString('base64')
  .match(/.{1,100}/g)
  .map((line) => `  '${line}',`)
  .join('\n');
const text = `/** The module made of ../wasm/sha256.as.ts by ../wasm/build.mjs; a test compiles it again and compares. */
export const SHA256_WASM: string = [
${lines}
].join('');
`;
writeFileSync(new URL('../src/wasm-binary.ts', import.meta.url), text);
console.log(`${binary.length} bytes`);
