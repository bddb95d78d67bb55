/**
 * Accounts of the bastion host, of Windows and of Entra ID, and names that guessers try.
 */

/** Staff accounts of Windows and Entra ID. */
export const PEOPLE: readonly string[] = Array.from(
  { length: 60 },
  (_, at) => `${'abcdefghijklmnop'[at % 16]}clerk${at + 1}`,
);

/** Staff accounts of the bastion host. */
export const STAFF: readonly string[] = [
  'mjones',
  'tkelly',
  'rpatel',
  'swong',
  'dlopez',
  'kmiller',
  'bnguyen',
  'jharris',
  'aschmidt',
  'lcarter',
  'deploy',
  'backup',
];

/** Names that guessers try; none but `root` has an account here. */
export const GUESSED_USERS: readonly string[] = [
  'admin',
  'test',
  'user',
  'ubuntu',
  'oracle',
  'postgres',
  'git',
  'ftpuser',
  'hadoop',
  'jenkins',
  'nagios',
  'mysql',
  'guest',
  'pi',
  'support',
  'www-data',
  'dev',
  'minecraft',
  'steam',
  'es',
  'elastic',
  'zabbix',
  'ansible',
  'vagrant',
  'tomcat',
  'svn',
  'weblogic',
  'ec2-user',
  'debian',
  'centos',
  'sysadmin',
  'validator',
  'solana',
  'odoo',
  'deploy1',
];
