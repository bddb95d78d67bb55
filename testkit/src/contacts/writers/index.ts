/**
 * The writer of each format.
 */
import { FORMATS, type FormatName } from '../formats.ts';
import type { WebHost } from '../web-requests.ts';
import { apacheWriter, nginxWriter } from './access-log.ts';
import { eveWriter } from './eve.ts';
import { netfilterWriter } from './netfilter.ts';
import { sshdWriter } from './sshd.ts';
import type { Desk, Writer } from './writer.ts';
import { zeekConnWriter, zeekJsonWriter } from './zeek-conn.ts';

const PLAIN_WRITERS: Readonly<Partial<Record<FormatName, (desk: Desk) => Writer>>> = {
  netfilter: netfilterWriter,
  'zeek-conn': zeekConnWriter,
  'zeek-json': zeekJsonWriter,
  eve: eveWriter,
  sshd: sshdWriter,
};

const WEB_WRITERS: Readonly<Partial<Record<FormatName, (desk: Desk, host: WebHost) => Writer>>> = {
  nginx: nginxWriter,
  apache: apacheWriter,
};

/** The writer of a format; `host` is the web host that the format tells, for formats of the web. */
export function writerOf(format: FormatName, desk: Desk, host: WebHost | undefined): Writer {
  const plain = PLAIN_WRITERS[format];
  if (plain !== undefined) return plain(desk);
  const web = WEB_WRITERS[format];
  if (web === undefined || host === undefined) throw new Error(`no writer for ${FORMATS[format].file}`);
  return web(desk, host);
}
