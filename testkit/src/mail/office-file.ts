/** What an office tells about itself and whom it knows, as YAML: its domains, people, vendors, address book, servers. */
import { ORGANISATIONS } from './world/organisations.ts';
import { GATEWAY, type MailOffice, type MailWorld, TRUSTED_SEALERS } from './world/world.ts';

/** The file of an office; everything in quotes is JSON, which is YAML. */
export function officeYaml(world: MailWorld, own: MailOffice): string {
  const people = [
    ...world.officials.map(({ name, title, address, privateAddress }) => ({
      name,
      title,
      addresses: [address, privateAddress],
    })),
    ...world.offices.map(({ clerk, place }) => ({
      name: clerk.name,
      title: `${clerk.title}, ${place}`,
      addresses: [clerk.address],
    })),
  ];
  const offices = world.offices.map(({ leaId, name, domain, publicMailboxes, addresses }) => ({
    office: leaId,
    name,
    domains: [domain.name],
    publicMailboxes,
    addresses,
  }));
  const organisations = ORGANISATIONS.map(({ name, kind, domains, words }) => ({
    name,
    kind: kind === 'agency' ? 'agency' : 'vendor',
    domains,
    words,
  }));
  return [
    `own: ${JSON.stringify(own.leaId)}`,
    list('offices', offices),
    list('people', people),
    list('organisations', organisations),
    list('correspondents', own.correspondents),
    list('sealers', TRUSTED_SEALERS),
    list('relays', [GATEWAY.network]),
    '',
  ].join('\n');
}

function list(name: string, rows: readonly unknown[]): string {
  return rows.length === 0
    ? `${name}: []`
    : `${name}:\n${rows.map((row) => `  - ${JSON.stringify(row)}`).join('\n')}`;
}
