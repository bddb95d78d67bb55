/**
 * One file that is being written: its bytes go to the sink in large pieces, and its lines are counted by what they are.
 */
import type { FormatName } from '../formats.ts';
import type { Sources } from '../sources.ts';

/** Where the bytes of a run go. */
export type Sink = {
  /** Appends to the file of this name; called in the order of the bytes. */
  write(file: string, bytes: Uint8Array): void;
};

/** Something that must appear as `through` in the account; `line` is 1-based in `file`, `time` in ISO 8601. */
export type ThroughTruth = {
  readonly source: string;
  readonly destination: string;
  readonly port: number;
  readonly time: string;
  readonly file: string;
  readonly line: number;
  readonly reason: string;
};

/** The truth about one file. All are counts of lines except `repeated` and `lost`. */
export type FileTruth = {
  readonly file: string;
  readonly format: FormatName;
  readonly lines: number;
  /** Lines that tell an event of a source. */
  readonly told: number;
  /** Extra events told by lines that say they stand for more than one. */
  readonly repeated: number;
  /** Lines in which the sensor admits losses, and how many lost events they admit. */
  readonly lossReports: number;
  readonly lost: number;
  /** Lines with a meaning that is no contact: headers, other programs, statistics. */
  readonly ignored: number;
  /** Lines that nobody can read: cut off, binary, foreign. */
  readonly junk: number;
};

/** Characters that are gathered before they go to the sink: large enough that the sink's calls do not count. */
const PIECE = 262_144;

/** A file and its counts. */
export class LogFile {
  readonly through: ThroughTruth[] = [];
  lines = 0;
  /** Bytes of all lines so far, with their ends. */
  bytes = 0;
  private readonly format: FormatName;
  private readonly file: string;
  private readonly sink: Sink;
  private readonly sources: Sources;
  private text = '';
  private told = 0;
  private repeatedEvents = 0;
  private lossReports = 0;
  private lostEvents = 0;
  private ignoredLines = 0;
  private junkLines = 0;

  constructor(format: FormatName, file: string, sink: Sink, sources: Sources) {
    this.format = format;
    this.file = file;
    this.sink = sink;
    this.sources = sources;
  }

  /** A line that tells of a source; texts hold one byte a character. */
  tell(text: string, source: number): void {
    this.told++;
    if (source >= 0) this.sources.line(source, this.format);
    this.append(text);
  }

  /** A line that stands for `times` events of a source. */
  repeated(text: string, source: number, times: number): void {
    this.repeatedEvents += times - 1;
    this.tell(text, source);
  }

  /** A line in which the sensor admits to have lost events. */
  loss(text: string, lost: number): void {
    this.lossReports++;
    this.lostEvents += lost;
    this.append(text);
  }

  /** A line that is understood and tells no contact. */
  ignored(text: string): void {
    this.ignoredLines++;
    this.append(text);
  }

  /** A line that cannot be understood. */
  junk(text: string): void {
    this.junkLines++;
    this.append(text);
  }

  /** Notes that the line written last must appear as `through`. */
  cameThrough(source: string, destination: string, port: number, time: string, reason: string): void {
    this.through.push({ source, destination, port, time, file: this.file, line: this.lines, reason });
  }

  /** Sends what is left, and tells the truth about the file. */
  close(): FileTruth {
    this.flush();
    return {
      file: this.file,
      format: this.format,
      lines: this.lines,
      told: this.told,
      repeated: this.repeatedEvents,
      lossReports: this.lossReports,
      lost: this.lostEvents,
      ignored: this.ignoredLines,
      junk: this.junkLines,
    };
  }

  private append(line: string): void {
    this.lines++;
    this.bytes += line.length + 1;
    this.text += line;
    this.text += '\n';
    if (this.text.length >= PIECE) this.flush();
  }

  private flush(): void {
    if (this.text === '') return;
    this.sink.write(this.file, Buffer.from(this.text, 'latin1'));
    this.text = '';
  }
}
