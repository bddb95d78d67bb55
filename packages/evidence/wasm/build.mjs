// Compiles sha256.as.ts and writes it to ../src/wasm-binary.ts:
//     node packages/evidence/wasm/build.mjs
import { writeAssembly } from '../../../scripts/assembly.mjs';
import { compileSha256 } from './compile.mjs';

writeAssembly(await compileSha256(), {
  target: new URL('../src/wasm-binary.ts', import.meta.url),
  constant: 'SHA256_WASM',
  wasm: '../wasm',
  name: 'sha256',
});
