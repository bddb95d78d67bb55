/** What an operator may say under `rolls`: where the live database is read, when, and what may be erased. */
import { Type } from 'typebox';

const closed = { additionalProperties: false } as const;

const Path = Type.String({ pattern: '^/', maxLength: 4096 });
const Time = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' });
const Day = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' });

const WitnessName = Type.String({ pattern: '^[^\\s+]{1,255}$' });
const Office = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$' });

/** When changes are captured where nobody says: after offices close, so that a day's changes are on the sheet of that day. */
export const USUAL_CAPTURE = '18:00';

/** When the live database is compared where nobody says: at night, after the vendor's own jobs and before offices open. */
export const USUAL_RECONCILE = '02:10';

/** What may stand under `rolls`. */
export const RollsConfig = Type.Object(
  {
    /** File that the vendor's system writes; an address of a PostgreSQL stands in the environment, BELLWETHER_LIVE. */
    live: Type.Optional(Path),
    /** File of the transactions behind changes. */
    transactions: Type.Optional(Path),
    /** Times of the day, HH:MM, in the state's zone. */
    capture: Type.Optional(Time),
    reconcile: Type.Optional(Time),
    /** Folder of the voters' keys, where it is not in the data folder. */
    vault: Type.Optional(Path),
    /** Where the vault is copied to each night; it keeps each copy for 35 days. On another disk than the data folder. */
    vaultCopies: Type.Optional(Type.Object({ folder: Path }, closed)),
    /** Days of federal elections that are not general ones: primaries, special elections. */
    elections: Type.Optional(Type.Array(Day, { maxItems: 100 })),
    /** The office (lea_id) that a witness stands for, by the name of the witness: it may recompute the records of that office. */
    witnessOffices: Type.Optional(Type.Record(WitnessName, Office, { maxProperties: 4096 })),
    /** Witnesses that recompute records of the whole state, drawn each night. */
    auditors: Type.Optional(Type.Array(WitnessName, { maxItems: 64, uniqueItems: true })),
    /** Now and then a made-up change is planted on a sheet, to see whether sheets are read: on one of so many. */
    drills: Type.Optional(
      Type.Object({ oneIn: Type.Optional(Type.Integer({ minimum: 2, maximum: 1_000 })) }, closed),
    ),
    /** Why nothing may be erased, in a sentence; left out: nothing of the kind. */
    legalHold: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
  },
  closed,
);
