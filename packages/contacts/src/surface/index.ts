/**
 * The second door of this package, `@bellwether/contacts/surface`: reading and drafting the file that states a surface.
 * Apart from the first, because it brings a YAML parser that takes as long to load as a short log takes to judge.
 */
export { parseSurface } from './parse.ts';
export { formatSurfaceError, type SurfaceError } from './problems.ts';
export { addServedRows } from './served.ts';
export { SurfaceDraft } from './suggest.ts';
