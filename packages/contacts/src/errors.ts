/** Every expected failure of this package that can reach a person. docs/reference/errors.md is written from it. */
import { defineErrors } from '@bellwether/basics';

/**
 * What can be wrong with a surface; a `SurfaceProblem` adds the line, the column and the particulars. And with a snapshot.
 */
export const CONTACTS_ERRORS = defineErrors({
  SURFACE_REFUSED: {
    message: 'The surface has mistakes and is not used.',
    status: 422,
    help: 'Correct the lines that are named; docs/reference/surface.md explains every key.',
  },
  SURFACE_TOO_LARGE: {
    message: 'The surface is larger than any office needs.',
    status: 413,
    help: 'Keep it under 1 MiB: name networks instead of single addresses.',
  },
  SURFACE_NOT_YAML: {
    message: 'The surface is not YAML.',
    status: 422,
    help: 'Look at indentation, quotes and brackets there; an address that ends in `::` needs quotes.',
  },
  SURFACE_TOO_COMPLEX: {
    message: 'The surface nests too deep, or repeats itself too often.',
    status: 422,
    help: 'Write values out instead of referring to them with `*`; nothing here nests deeper than four levels.',
  },
  SURFACE_KEY_UNKNOWN: {
    message: 'A key of the surface is not known.',
    status: 422,
    help: 'Correct its spelling or take it out: a key that is passed over would be believed to work.',
  },
  SURFACE_KEY_TWICE: {
    message: 'A key of the surface stands twice in the same place.',
    status: 422,
    help: 'Make it one: only one of the two could hold.',
  },
  SURFACE_KEY_MISSING: {
    message: 'A key of the surface is missing.',
    status: 422,
    help: 'Add it.',
  },
  SURFACE_VALUE_WRONG: {
    message: 'A value of the surface is not what its key takes.',
    status: 422,
    help: 'Write it as docs/reference/surface.md shows.',
  },
  SURFACE_NETWORK_WRONG: {
    message: 'A network or an address of the surface is not spelled right.',
    status: 422,
    help: 'Write an address, or the first address of a network and its length, like 198.51.100.0/24.',
  },
  SURFACE_TIME_WRONG: {
    message: 'A time of the surface is not spelled right.',
    status: 422,
    help: 'Write 2026-11-03, which begins at midnight UTC, or 2026-11-03T06:00:00-06:00.',
  },
  SURFACE_NAME_UNKNOWN: {
    message: 'The surface refers to a name that it does not give to anything.',
    status: 422,
    help: 'Correct the spelling, or add what it refers to.',
  },
  SURFACE_NAME_TWICE: {
    message: 'Two things in the surface have the same name.',
    status: 422,
    help: 'Rename one: accounts and incidents tell them apart by name.',
  },
  SURFACE_CONTRADICTION: {
    message: 'Two statements of the surface cannot both be true.',
    status: 422,
    help: 'Keep the one that is true.',
  },
  SCANNERS_MALFORMED: {
    message: 'This is no list of research scanners.',
    status: 422,
    help: 'Give a list as MISP publishes them: JSON with `name`, `version`, `"type": "cidr"` and `list`.',
  },
  SNAPSHOT_NONE: {
    message: 'This is no snapshot of a judge, or one of another kind of machine.',
    status: 500,
    help: 'Give the file that the hub wrote, on the kind of machine that wrote it; or take it away, and the hub reads its journal instead.',
  },
  SNAPSHOT_VERSION: {
    message: 'The snapshot of the judge is of another version.',
    status: 500,
    help: 'Use the version of the program that wrote it, or take the snapshot away: the hub then reads its journal from an older one or from the beginning.',
  },
  SNAPSHOT_DAMAGED: {
    message: 'The snapshot of the judge is damaged.',
    status: 500,
    help: 'Take it away, and the hub reads its journal from an older one or from the beginning. Then look at the disk.',
  },
});

/** The code of one of these failures. */
export type ContactsErrorCode = keyof typeof CONTACTS_ERRORS;
