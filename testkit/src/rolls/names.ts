/**
 * Made-up names. The lists were written for this file: surnames are put together from a beginning and an end, so that
 * a state of millions has about as many people of one name and one birthday as a real one, and nobody's list is used.
 */
import type { Random } from '../random.ts';

const BEGINNINGS =
  'Ald Ash Barn Beck Bell Birch Black Brad Brook Buck Burn Cald Chest Clay Cole Cran Dal Dun East Elder Fair Farn Fen Fern Field Ford Gar Gold Grant Green Hal Ham Hart Hay Hazel Heath Hill Hol Hunt Kings Lamb Lang Lin Mal Mar May Mill Moor Nor Oak Or Pem Pres Quin Red Rich Rock Rose Rush Sand Shel Stan Stock Strat Sud Tarn Thorn Tray Up Wal War Wat Wel West Whit Wil Win Wood Wyn Yar'.split(
    ' ',
  );

const ENDS =
  'ard berg bourne bridge burn bury by cliff combe cott croft dale den don field ford gate grove ham hurst ing land ley lock low man mere more ner ridge sen shaw stead stone ton vale wald ward way well wick win wood worth'.split(
    ' ',
  );

/** Short ones that many share, and some with marks that a reader of files has to keep. */
const SHARED =
  "Adler Baker Bishop Carter Castro Chen Cook Cruz Diaz Fisher Fox Garza Gray Hughes Ibáñez Kaur Keller Kim Knox Le Lopez Mason Meyer Mills Muñoz Nguyen Novak O'Dell O'Hara Ortiz Park Peña Price Reed Reyes Ross Shah Singh Sloan Tate Tran Vega Weber Wells Yates Young Zeller Müller-Ost".split(
    ' ',
  );

const WOMEN =
  'Ada Agnes Alice Alma Amelia Anita Anna Audrey Aurora Beth Bianca Bonnie Carla Carmen Cathy Celia Clara Cora Daisy Dana Debra Delia Diane Donna Dora Edith Elena Elise Ella Emma Erica Esther Eva Faith Fern Flora Frances Gina Gloria Grace Greta Hannah Hazel Helen Holly Ida Inez Irene Iris Ivy Jane Janet Jean Jenna Jill Joan Joy Judith Julia June Karen Kate Kayla Kim Lana Laura Leah Lena Lila Linda Lois Lucy Lydia Mabel Maria Marion Martha Mary Maya Mia Mona Nadia Nancy Naomi Nell Nina Nora Olive Opal Pam Paula Pearl Petra Quinn Rachel Rhea Rita Rosa Ruby Ruth Sally Sara Selma Sonia Stella Susan Tara Tessa Thea Tina Vera Viola Wanda Willa Yvonne Zoë'.split(
    ' ',
  );

const MEN =
  'Aaron Adam Alan Albert Amos Andre Anton Arlo Asher Ben Blake Boyd Brian Bruce Caleb Calvin Carl Cedric Chad Clark Clyde Cody Colin Craig Curtis Dale Damon Daniel Dean Dennis Derek Diego Don Earl Eddie Edwin Eli Elmer Emil Eric Ethan Evan Felix Floyd Frank Fred Gary Gene Glen Grant Greg Guy Hank Harold Harry Henry Hugh Ian Ira Isaac Ivan Jack Jacob James Jared Jason Jay Jesse Joel John José Juan Keith Ken Kyle Lance Larry Lee Leo Leon Lewis Lloyd Lou Luis Luke Marc Mark Max Miles Milo Neil Nick Noah Noel Omar Oscar Otto Owen Paul Perry Pete Ralph Ray Reid Rex Rob Roger Roy Russ Sam Saul Scott Sean Seth Simon Stan Theo Tim Todd Tom Troy Tyler Vern Vince Wade Walt Wes Will Wyatt'.split(
    ' ',
  );

/** Share of people with one of the shared surnames. */
const SHARED_SHARE = 0.15;

/** Ranks are drawn as `u ^ this`: the first names of a list are the frequent ones, as names are (a power law). */
const FREQUENT_FIRST = 1.7;

const BUILT: readonly string[] = mixedUp(BEGINNINGS.flatMap((start) => ENDS.map((end) => start + end)));

/** A surname. */
export function surname(random: Random): string {
  return ranked(random, random.chance(SHARED_SHARE) ? SHARED : BUILT);
}

/** A given name. */
export function givenName(random: Random, woman: boolean): string {
  return ranked(random, woman ? WOMEN : MEN);
}

function ranked(random: Random, list: readonly string[]): string {
  return list[Math.floor(random.unit() ** FREQUENT_FIRST * list.length)] as string;
}

/** The same order on every run: frequent names should not all have the same beginning. */
function mixedUp(list: readonly string[]): readonly string[] {
  const stride = 1_009; // prime, and no divisor of the length
  return list.map((_, at) => list[(at * stride) % list.length] as string);
}
