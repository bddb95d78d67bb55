/** How much of a report is read. Reports come from strangers by mail; what lies beyond is refused or counted, never followed. */
export const DOMAIN_REPORT_LIMITS = {
  /** Bytes of a file as it came: a large provider's day for a large domain has some hundred kilobytes, packed. */
  packedBytes: 5_000_000,
  /** Bytes of what one message unpacks to. */
  bytes: 50_000_000,
  /**
   * Times that packed data may grow. XML of 100,000 rows that differ in address and count grew 98 times, one row over and over 229
   * times; what is made to grow, a thousand.
   */
  ratio: 400,
  /** Bytes that are free of the ratio: little files of one repeated word grow without bound. */
  ratioFree: 1_000_000,
  /** Bytes that tell whether a file is a report: its first element or its first names. */
  peekBytes: 4_096,
  /** Files of one message that are looked at, those in archives included. */
  files: 100,
  /** Files of one archive; what holds more is no report. */
  members: 20,
  /** Reports of one message. */
  reports: 20,
  /** Rows of one report that are kept. Those beyond are counted. */
  rows: 100_000,
  /** Most that one row may count. Nobody gets ten thousand million messages of one sender in a day; sums stay exact. */
  count: 10_000_000_000,
  /** Characters of a text that is shown to people. */
  text: 500,
  /** Rows that could not be read and are told one by one. */
  told: 20,
} as const;
