#!/usr/bin/env node
// npm links commands when it installs, before anything is built; so the link leads here, and from here to the build.
import { existsSync } from 'node:fs';

const built = new URL('../dist/bellwether-verify.js', import.meta.url);
if (existsSync(built)) {
  await import(built.href);
} else {
  process.stderr.write('bellwether-verify is not built yet: run `npm run setup` in its folder once\n');
  process.exitCode = 1;
}
