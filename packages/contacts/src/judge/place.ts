/** Where a contact stands in the total order. */
export type Place = {
  fileTime: number;
  time: number;
  file: number;
  line: number;
  /** Whether the sensor's lines came by a way on which nobody else could write in its name. */
  trusted: boolean;
  /** Rule by which the contact is settled now, after all of its lines so far. */
  rule: number;
};
