/** Makes a log from the command line, for benches: `FOLDER RECORDS NIGHTS CHANGES`. Its checkpoint is of now. */
import { RollMaker } from './roll-maker.ts';

/** Offices that sign: the local election authorities of Missouri. */
const OFFICES = 116;

const [folder, records, nights, changes] = process.argv.slice(2);
const maker = new RollMaker(folder!, Number(records), OFFICES);
for (let night = 0; night < Number(nights); night++) maker.night(Number(changes));
maker.writeState();
await maker.publish(BigInt(Math.floor(Date.now() / 1_000)));
process.stdout.write(`${maker.size}\n`);
