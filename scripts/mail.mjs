/** `npm run mail:learn`: makes the classifier's weights that are shipped (scripts/mail/learn-shipped.ts). */
import { runTypeScript } from './run-typescript.mjs';

process.exitCode = await runTypeScript('scripts/mail/learn-shipped.ts');
