/** Names of people who do not exist: everyday given names and surnames, put together by the draw. */
import type { Random } from '../../random.ts';

const GIVEN =
  `Alice Amber Andrea Ben Beth Brenda Brian Carla Carol Chad Cindy Clay Connie Curtis Dale Dana Darrell
Deborah Denise Diane Donna Doug Earl Elaine Ellen Erin Frank Gail Gary Gina Glenn Greg Hannah Heather Holly Jack Jamie
Jan Janet Jared Jean Jeff Jenny Jill Joan Joel Joyce Judy Karen Keith Kelly Kent Kim Kristy Kyle Larry Laura Leah Lee
Linda Lisa Lori Lynn Marcia Marcus Maria Mark Marla Marsha Megan Melissa Mike Mona Nancy Neil Nora Norma Pam Pat Paula
Peggy Phil Rachel Ralph Randy Rhonda Rick Rita Robin Rosa Roy Ruth Sally Sandra Sara Scott Shannon Sheila Sherry Stan
Steve Sue Tammy Tara Ted Teresa Tim Tina Todd Tom Tracy Vicki Wade Wanda Wendy Zach`.split(/\s+/);

const SURNAMES =
  `Abbott Ackley Alder Ashby Baird Barlow Beckett Benning Birch Blackwood Bolton Bowers Bradshaw Briggs
Brockman Burdick Cantrell Carver Castleman Childers Clement Colvin Conway Crandall Dalton Darnell Decker Denton Dillard
Dobbs Draper Dunning Eastman Ebert Ellison Fairchild Farris Fenton Fleming Forsythe Gaines Garrison Gentry Gilmore
Goodwin Graber Hadley Halstead Hammond Harbison Hatcher Hendley Hickman Holcomb Hollis Ingram Jarvis Keller Kimball
Kirkland Lambert Landis Langford Larkin Lockhart Lowry Maddox Marlow Mercer Millard Moffett Nolan Norwood Oakley
Oldham Parrish Pickett Prewitt Quigley Ramsey Redding Renfro Ridley Rollins Rutledge Sawyer Schaefer Selby Shipley
Stallings Stoddert Sutter Talbot Thacker Tilden Trask Underhill Vance Vogel Wagoner Weller Whitlock Winslow Yates`.split(
    /\s+/,
  );

/** Given name and surname of somebody made up. */
export function personName(random: Random): string {
  return `${random.pick(GIVEN)} ${random.pick(SURNAMES)}`;
}

/** The given name of a name. */
export function givenName(name: string): string {
  return name.split(' ')[0] as string;
}

/** The part of an address before the at sign, as offices and firms form it. */
export function mailboxOf(name: string, form: number): string {
  const [given, surname] = name.toLowerCase().split(' ') as [string, string];
  if (form === 0) return `${given}.${surname}`;
  if (form === 1) return `${given[0]}${surname}`;
  return given + surname[0];
}
