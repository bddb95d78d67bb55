/** The built page and a log behind it on loopback, as a hub serves them: what tests of the page are done with. */
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SITE = fileURLToPath(new URL('../../../hub/dist/site', import.meta.url));

const TYPES: Readonly<Record<string, string>> = { '.css': 'text/css', '.js': 'text/javascript' };

/** What the hub adds to every answer. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; require-trusted-types-for 'script'; trusted-types 'none'";

/** Serves both; `asked` grows by what was asked for below the log. */
export async function serveSite(log: string): Promise<{ origin: string; asked: string[]; server: Server }> {
  if (!existsSync(join(SITE, 'check/index.html')))
    throw new Error('the site is not built: run `npm run build`');
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const isLog = path.startsWith('/log/');
    if (isLog) asked.push(path.slice('/log/'.length));
    const file = isLog
      ? join(log, path.slice('/log/'.length))
      : join(SITE, path.slice('/public/'.length), path.endsWith('/') ? 'index.html' : '');
    response.setHeader('content-security-policy', POLICY);
    if (!existsSync(file)) return response.writeHead(404).end();
    const type = isLog ? 'application/octet-stream' : (TYPES[extname(file)] ?? 'text/html; charset=utf-8');
    return response.writeHead(200, { 'content-type': type }).end(readFileSync(file));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://localhost:${(server.address() as AddressInfo).port}`, asked, server };
}
