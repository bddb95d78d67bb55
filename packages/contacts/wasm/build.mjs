// Compiles reading.as.ts and writes it to ../src/reading/wasm-binary.ts:
//     node packages/contacts/wasm/build.mjs
import { writeAssembly } from '../../../scripts/assembly.mjs';
import { compileReading } from './compile.mjs';

writeAssembly(await compileReading(), {
  target: new URL('../src/reading/wasm-binary.ts', import.meta.url),
  constant: 'READING_WASM',
  wasm: '../../wasm',
  name: 'reading',
});
