/** What this folder takes from the package `contacts`. */
export * from '@bellwether/contacts';
export { parseSurface } from '../../../../packages/contacts/src/surface/parse.ts';
export { formatSurfaceError } from '../../../../packages/contacts/src/surface/problems.ts';
export type { Surface } from '../../../../packages/contacts/src/surface/surface.ts';
export { type Detected, detectFormat } from './detect-stand-in.ts';
