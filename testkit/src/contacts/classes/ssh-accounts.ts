/**
 * Accounts of the bastion host, and names that guessers try there.
 */

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
