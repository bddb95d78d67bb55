/** What this folder takes from the package `contacts`. */
export * from '@bellwether/contacts';
export { COLUMN_NAMES } from '../../../../packages/contacts/src/reading/columns.ts';
export { parseSurface } from '../../../../packages/contacts/src/surface/parse.ts';
export { formatSurfaceError, type SurfaceError } from '../../../../packages/contacts/src/surface/problems.ts';
export { addServedRows } from '../../../../packages/contacts/src/surface/served.ts';
export { SurfaceDraft } from '../../../../packages/contacts/src/surface/suggest.ts';
export type { Surface } from '../../../../packages/contacts/src/surface/surface.ts';
export { type Detected, detectFormat } from './detect-stand-in.ts';
