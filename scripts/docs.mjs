/** `npm run docs`: writes the documents that are generated from the sources (scripts/docs/generated.ts lists them). */
import { runTypeScript } from './run-typescript.mjs';

process.exitCode = await runTypeScript('scripts/docs/write.ts');
