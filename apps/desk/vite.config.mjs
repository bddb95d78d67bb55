/**
 * Builds the desk into the folder that the hub serves: `npx vite build apps/desk`.
 *
 * The hub forbids inline code and foreign files, so nothing may become a `data:` address or a script in the page.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { version } = JSON.parse(readFileSync(here('../../package.json'), 'utf8'));

// biome-ignore lint/style/noDefaultExport: Vite reads the default export
export default defineConfig({
  root: here('.'),
  base: '/',
  plugins: [react()],
  define: { BELLWETHER_VERSION: JSON.stringify(version) },
  css: {
    preprocessorOptions: {
      scss: {
        loadPaths: [here('../../node_modules/@uswds/uswds/packages')],
        // What USWDS itself will change for a later Sass is not ours to read at every build.
        quietDeps: true,
        silenceDeprecations: ['if-function', 'global-builtin', 'import'],
      },
    },
  },
  build: {
    outDir: here('../hub/dist/desk'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    // Sass takes its seconds; nobody has to be told at every build.
    rolldownOptions: { checks: { bundlerTimings: false, pluginTimings: false } },
    modulePreload: { polyfill: false },
    // One file of looks. Of the program, what is opened now and then is fetched when it is.
    cssCodeSplit: false,
    sourcemap: false,
    reportCompressedSize: true,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8118' } },
});
