/** The drawing of the 116: 115 shapes and Kansas City's marker (made by scripts/desk/draw-map.mjs). */
import drawing from './missouri.json' with { type: 'json' };

/** A place on the map: the middle of its shape, in units of the drawing. */
export type Place = { readonly leaId: string; readonly name: string; readonly x: number; readonly y: number };

/** A county, or the City of St. Louis: its border as an SVG path. */
export type Shape = Place & { readonly path: string };

export const WIDTH: number = drawing.width;
export const HEIGHT: number = drawing.height;

/** In order of `leaId`. */
export const SHAPES: readonly Shape[] = drawing.shapes;

/** Kansas City's board, which has no county of its own. */
export const MARKER: Place = drawing.marker;

/** All 116, in order of `leaId`. */
export const PLACES: readonly Place[] = [...SHAPES, MARKER].sort((a, b) => a.leaId.localeCompare(b.leaId));
