/** The list that anybody may buy: the columns that RSMo 115.157 names, of live voters who are not protected. */
import { type Column, isLive, type VoterRow } from './columns.ts';

/** Columns of the public list. */
export const PUBLIC_LIST_COLUMNS: readonly Column[] = [
  'voter_id',
  'lea_id',
  'last_name',
  'first_name',
  'middle_name',
  'suffix',
  'house_number',
  'street',
  'unit',
  'city',
  'zip',
  'precinct',
  'township',
  'ward',
  'congressional',
  'senate',
  'house',
];

/** Whether a row stands in the list. */
export function isListed(row: VoterRow): boolean {
  return isLive(row) && row.protected === '';
}
