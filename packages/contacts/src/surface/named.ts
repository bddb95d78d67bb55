/**
 * Ports of well-known services: IANA, Service Name and Transport Protocol Port Number Registry, where a name in
 * brackets is what is really found there. What is sent to one of them is meant for a service and is never taken for an
 * answer to a question of ours. All are below 32768, where Linux, Windows, macOS and the BSDs begin to take the ports
 * that their own questions come from, so no answer is mistaken for a knock.
 */
import { Protocol } from '../contact.ts';

/** One port and why it is in the list. */
export type NamedPort = {
  readonly port: number;
  readonly protocols: readonly (6 | 17)[];
  /** Name in the registry. */
  readonly name: string;
  /** Why somebody would knock there. */
  readonly because: string;
};

const TCP = [Protocol.tcp] as const;
const UDP = [Protocol.udp] as const;
const BOTH = [Protocol.tcp, Protocol.udp] as const;

/** Every named port. */
export const NAMED_PORTS: readonly NamedPort[] = [
  named(21, TCP, 'ftp', 'File transfer: guessed passwords, anonymous access.'),
  named(22, TCP, 'ssh', 'Remote shell: the most guessed login of all.'),
  named(23, TCP, 'telnet', 'Remote shell without encryption: botnets of cameras and routers spread over it.'),
  named(25, TCP, 'smtp', 'Mail: open relays and guessed passwords.'),
  named(53, BOTH, 'domain', 'Names: open resolvers serve floods against others.'),
  named(69, UDP, 'tftp', 'File transfer without login: configurations of telephones and switches.'),
  named(80, TCP, 'http', 'Web.'),
  named(88, BOTH, 'kerberos', 'Sign-in of Windows domains: names of accounts can be tried.'),
  named(110, TCP, 'pop3', 'Mailboxes: guessed passwords.'),
  named(111, BOTH, 'sunrpc', 'Tells which NFS and RPC services run, and serves floods.'),
  named(123, UDP, 'ntp', 'Time: serves floods, and a scan may come from it to pass old filters.'),
  named(135, TCP, 'epmap', 'Windows remote procedures: worms since 2003.'),
  named(137, UDP, 'netbios-ns', 'Names of Windows machines.'),
  named(138, UDP, 'netbios-dgm', 'Messages between Windows machines.'),
  named(139, TCP, 'netbios-ssn', 'Windows file sharing, the old way.'),
  named(143, TCP, 'imap', 'Mailboxes: guessed passwords.'),
  named(161, UDP, 'snmp', 'Network devices: their whole configuration behind a guessed word.'),
  named(162, UDP, 'snmptrap', 'Alarms of network devices, which can be forged.'),
  named(179, TCP, 'bgp', 'Routing between networks.'),
  named(389, BOTH, 'ldap', 'Directory of accounts; over UDP it serves floods.'),
  named(443, BOTH, 'https', 'Web, over UDP as HTTP/3.'),
  named(445, TCP, 'microsoft-ds', 'Windows file sharing: worms and ransomware enter there.'),
  named(465, TCP, 'submissions', 'Mail from users: guessed passwords.'),
  named(500, UDP, 'isakmp', 'Keys of IPsec tunnels into the office.'),
  named(502, TCP, 'mbap', 'Modbus: machines in buildings, without any login.'),
  named(512, TCP, 'exec', 'Remote commands of the 1980s, still tried.'),
  named(513, TCP, 'login', 'Remote login of the 1980s, still tried.'),
  named(514, BOTH, 'syslog', 'Logs (UDP), which can be forged, and the remote shell of the 1980s (TCP).'),
  named(515, TCP, 'printer', 'Print queues.'),
  named(548, TCP, 'afpovertcp', 'Apple file sharing.'),
  named(587, TCP, 'submission', 'Mail from users: guessed passwords.'),
  named(623, UDP, 'asf-rmcp', 'Remote power and console of servers (IPMI).'),
  named(631, BOTH, 'ipp', 'Printers.'),
  named(636, TCP, 'ldaps', 'Directory of accounts.'),
  named(853, TCP, 'domain-s', 'Names over TLS.'),
  named(873, TCP, 'rsync', 'Copies of files: whole backups without login.'),
  named(990, TCP, 'ftps', 'File transfer over TLS.'),
  named(993, TCP, 'imaps', 'Mailboxes: guessed passwords.'),
  named(995, TCP, 'pop3s', 'Mailboxes: guessed passwords.'),
  named(1080, TCP, 'socks', 'Open proxies, through which others are attacked.'),
  named(1194, BOTH, 'openvpn', 'Tunnels into the office.'),
  named(1433, TCP, 'ms-sql-s', 'Microsoft SQL Server: guessed passwords of a database.'),
  named(1434, UDP, 'ms-sql-m', 'Tells where Microsoft SQL Server runs, and serves floods.'),
  named(1521, TCP, 'ncube-lm (Oracle)', 'Oracle database.'),
  named(1701, UDP, 'l2f', 'Tunnels into the office (L2TP).'),
  named(1723, TCP, 'pptp', 'Tunnels into the office, long broken.'),
  named(1812, UDP, 'radius', 'Sign-in of networks.'),
  named(1883, TCP, 'mqtt', 'Messages of devices, often without login.'),
  named(1900, UDP, 'ssdp', 'Devices that announce themselves, and serve floods.'),
  named(2049, BOTH, 'nfs', 'Unix file sharing.'),
  named(2375, TCP, 'docker', 'Containers, without login: whoever reaches it owns the machine.'),
  named(2376, TCP, 'docker-s', 'Containers over TLS.'),
  named(3128, TCP, 'ndl-aas (Squid)', 'Open web proxies.'),
  named(3268, TCP, 'msft-gc', 'Catalogue of a Windows domain.'),
  named(3306, TCP, 'mysql', 'MySQL and MariaDB: guessed passwords of a database.'),
  named(3389, BOTH, 'ms-wbt-server', 'Remote desktop: guessed passwords, and ransomware after them.'),
  named(3478, BOTH, 'stun', 'Finds the way to telephones and meetings.'),
  named(4500, UDP, 'ipsec-nat-t', 'IPsec tunnels into the office.'),
  named(5060, BOTH, 'sip', 'Telephones: guessed extensions, calls at our cost.'),
  named(5061, TCP, 'sips', 'Telephones over TLS.'),
  named(5353, UDP, 'mdns', 'Devices that announce themselves.'),
  named(5432, TCP, 'postgresql', 'PostgreSQL: guessed passwords of a database.'),
  named(5555, TCP, 'personal-agent (Android)', 'Debugging of Android devices, without login.'),
  named(5672, TCP, 'amqp', 'Messages between programs.'),
  named(5683, UDP, 'coap', 'Small devices, which serve floods.'),
  named(5900, TCP, 'rfb', 'Remote screens (VNC): guessed passwords.'),
  named(5985, TCP, 'wsman', 'Windows remote management.'),
  named(5986, TCP, 'wsmans', 'Windows remote management over TLS.'),
  named(6379, TCP, 'redis', 'Redis: a store without login by default.'),
  named(6443, TCP, 'sun-sr-https (Kubernetes)', 'Whoever governs it governs every container.'),
  named(7547, TCP, 'cwmp', 'Remote management of routers: botnets spread over it.'),
  named(8000, TCP, 'irdmi (web)', 'Web applications under development.'),
  named(8080, TCP, 'http-alt', 'Web applications and proxies.'),
  named(8443, TCP, 'pcsync-https (web)', 'Administration of firewalls and servers.'),
  named(8883, TCP, 'secure-mqtt', 'Messages of devices over TLS.'),
  named(8888, TCP, 'ddi-tcp-1 (web)', 'Notebooks and administration pages.'),
  named(9100, TCP, 'hp-pdl-datastr', 'Printers that print whatever arrives.'),
  named(9200, TCP, 'wap-wsp (Elasticsearch)', 'A store of documents without login by default.'),
  named(10_050, TCP, 'zabbix-agent', 'Monitoring that runs commands.'),
  named(11_211, BOTH, 'memcache', 'A store without login, which serves the largest floods known.'),
  named(27_017, TCP, 'mongodb', 'MongoDB: a database without login by default.'),
];

/** One bit a port, TCP first. */
const BITS = new Uint32Array(4096);
for (const { port, protocols } of NAMED_PORTS) {
  for (const protocol of protocols) BITS[place(port, protocol)]! |= 1 << (port & 31);
}

/** Whether the port is one of a well-known service. Hot path. `protocol` other than TCP and UDP has no ports. */
export function isNamedPort(port: number, protocol: number): boolean {
  if (protocol !== Protocol.tcp && protocol !== Protocol.udp) return false;
  return ((BITS[place(port, protocol)]! >>> (port & 31)) & 1) === 1;
}

function place(port: number, protocol: number): number {
  return (protocol === Protocol.udp ? 2048 : 0) + (port >>> 5);
}

function named(port: number, protocols: readonly (6 | 17)[], name: string, because: string): NamedPort {
  return { port, protocols, name, because };
}
