/**
 * IIS in the W3C extended log file format, with the columns that IIS logs unless told otherwise; times are universal.
 */
import { Mark } from '../network-events.ts';
import type { WebHost } from '../web-requests.ts';
import { webThrough } from './access-log.ts';
import { detailOf } from './packet.ts';
import { type Desk, oddLines, type Writer } from './writer.ts';

const FIELDS =
  'date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken';

/** The writer. */
export function iisWriter(desk: Desk, host: WebHost): Writer {
  const { world, utc, file } = desk;
  const { requests } = host;
  const head = (time: number) => {
    const at = utc.at(time);
    file.ignored('#Software: Microsoft Internet Information Services 10.0');
    file.ignored('#Version: 1.0');
    file.ignored(`#Date: ${at.date} ${at.time}`);
    file.ignored(`#Fields: ${FIELDS}`);
  };
  const odd = oddLines(desk, (time, turn) => {
    if (turn % 8 === 7) head(time);
    else file.junk('2026-10-07 05:0');
  });
  const place = world.book.text(host.destination);

  return {
    begin: () => head(0),
    write(row) {
      const time = requests.time[row]!;
      odd(time);
      const at = utc.at(time);
      const method = requests.method[row] as string;
      const url = requests.url[row] as string;
      const mark = method === '' ? -1 : url.indexOf('?');
      const stem = method === '' ? '/' : field(mark < 0 ? url : url.slice(0, mark));
      const query = mark < 0 ? '-' : field(url.slice(mark + 1));
      const status = requests.status[row]!;
      const taken = 3 + (detailOf(requests.connection[row]! + requests.depth[row]!) % 400);
      const user = field(requests.user[row] as string);
      file.tell(
        `${at.date} ${at.time} ${place} ${method === '' ? '-' : method} ${stem} ${query} ${host.port} ${user} ${world.book.text(requests.peer[row]!)} ${field(requests.agent[row] as string)} ${field(requests.referer[row] as string)} ${status} 0 ${status === 404 ? 2 : status === 401 ? 5 : 0} ${taken}`,
        requests.owner[row]!,
      );
      if ((requests.marks[row]! & Mark.through) !== 0) webThrough(desk, host, row);
    },
  };
}

/** IIS puts a plus for a space and for control characters, and a hyphen for nothing. */
function field(text: string): string {
  return text === '' ? '-' : text.replace(/[\u0000- \u007f]/g, '+');
}
