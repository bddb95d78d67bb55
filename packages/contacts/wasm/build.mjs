// Compiles reading.as.ts and writes it, in base64, to ../src/reading/wasm-binary.ts: packages read no files.
//     node packages/contacts/wasm/build.mjs
import { writeFileSync } from 'node:fs';
import { compileReading } from './compile.mjs';

const binary = await compileReading();
const lines = Buffer.from(binary)
  .toString('base64')
  .match(/.{1,100}/g)
  .map((line) => `  '${line}',`)
  .join('\n');
const text = `/** The module made of ../../wasm/reading.as.ts by ../../wasm/build.mjs; a test compiles it again and compares. */
export const READING_WASM: string = [
${lines}
].join('');
`;
writeFileSync(new URL('../src/reading/wasm-binary.ts', import.meta.url), text);
console.log(`${binary.length} bytes`);
