/**
 * Names of people who are made up: frequent ones, so that none stands out (U.S. Census Bureau, surnames of 2010; Social Security
 * Administration, given names by year). Two of them together may be somebody's; a made-up record number is nobody's.
 */

/** Last names, from the most frequent hundred. */
const LAST_NAMES =
  'Smith Johnson Williams Brown Jones Miller Davis Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Thompson White Harris Clark Lewis Robinson Walker Young Allen King Wright Scott Hill Green Adams Nelson Baker Hall Campbell Mitchell Carter Roberts Phillips Evans Turner Parker Collins Edwards Stewart Morris Murphy Cook Rogers Morgan Cooper Reed Bailey Bell Kelly Howard Ward Cox Richardson Wood Watson Brooks Bennett Gray Hughes Price Myers Long Foster Sanders Ross'.split(
    ' ',
  );

/** First names, from the most frequent hundred of years in which voters were born. */
const FIRST_NAMES =
  'James Mary John Patricia Robert Jennifer Michael Linda William Elizabeth David Barbara Richard Susan Joseph Jessica Thomas Sarah Charles Karen Daniel Nancy Matthew Lisa Anthony Betty Mark Margaret Donald Sandra Steven Ashley Paul Kimberly Andrew Emily Joshua Donna Kenneth Michelle Kevin Carol Brian Amanda George Melissa Edward Deborah Ronald Stephanie Timothy Rebecca Jason Laura Jeffrey Helen Ryan Sharon Jacob Cynthia Gary Kathleen Nicholas Amy Eric Angela'.split(
    ' ',
  );

/** A whole number from 0, below the bound, each as likely. */
export type Chance = (below: number) => number;

/** A last name, and one for a first or a middle name. */
export const lastName = (chance: Chance): string => LAST_NAMES[chance(LAST_NAMES.length)]!;
export const firstName = (chance: Chance): string => FIRST_NAMES[chance(FIRST_NAMES.length)]!;
