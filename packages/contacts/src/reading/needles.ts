/**
 * Texts that tell an attack on a web server, and where each must stand to count. One automaton finds them all in one
 * pass over a target; `content.ts` asks the rules of grammar about those that honest input holds too.
 *
 * Gathered from what scanners and worms are known to ask for: the request lists of public scanners and honeypot
 * reports, the CVEs named beside them, and the lines of crowdsecurity/hub (MIT).
 */
import { Content } from '../contact.ts';

/** Where a text must stand, or which rule decides. */
export const Place = {
  /** Anywhere in path or query. */
  anywhere: 0,
  /** In the path. */
  path: 1,
  /** In the path, with the end of a name behind it: `/`, `.`, `;`, `?`, a digit or the end. */
  name: 2,
  /** At the end of the path. */
  pathEnd: 3,
  /** In the query. */
  query: 4,
  /** Anywhere, with no letter before it. */
  word: 5,
  /** In the path with a script's ending later on: static files of a content manager are honest. */
  script: 6,
  dotSegment: 7,
  parentFolder: 8,
  union: 9,
  orderBy: 10,
  sqlSleep: 11,
  sqlCharacter: 12,
  sqlConcat: 13,
  waitfor: 14,
  dialog: 15,
  scheme: 16,
  codeCall: 17,
  commandParameter: 18,
  fetch: 19,
  archive: 20,
  author: 21,
  /** WordPress's back room, but for the endpoint that its public pages use. */
  backRoom: 22,
} as const;
export type Place = (typeof Place)[keyof typeof Place];

const {
  sqlInjection,
  traversal,
  crossSiteScripting,
  commandInjection,
  codeExecution,
  probePath,
  secretPath,
} = Content;

/** Place, bits of `Content`, texts (separated by blanks; `_` of its own stands for none). */
type Group = readonly [Place, number, string];

const GROUPS: readonly Group[] = [
  // Databases.
  [Place.union, sqlInjection, 'union'],
  [Place.orderBy, sqlInjection, 'order group'],
  [Place.waitfor, sqlInjection, 'waitfor'],
  [Place.sqlSleep, sqlInjection, 'sleep( benchmark( randomblob( generate_series( exp(~('],
  [Place.sqlCharacter, sqlInjection, 'char( chr( nchar('],
  [
    Place.sqlConcat,
    sqlInjection,
    'concat( concat_ws( ascii( substring( substr( unhex( hex( cast( convert( count( elt( ord(',
  ],
  [
    Place.anywhere,
    sqlInjection,
    'information_schema pg_sleep dbms_pipe dbms_lock utl_http utl_inaddr extractvalue( updatexml( load_file( outfile ' +
      'dumpfile xp_cmdshell xp_dirtree xp_regread sp_executesql sysobjects syscolumns sqlite_master pg_catalog mysql.user ' +
      'group_concat( @@version @@datadir @@hostname analyse(extractvalue gtid_subset( make_set( json_keys((select ' +
      'ctxsys.drithsx xmltype( current_user( database() version() system_user( session_user( user_lock.sleep pg_read_file ' +
      'procedure\u0000analyse [$ne] [$gt] [$gte] [$lt] [$regex] [$where] [$in] [$exists] *)(uid *)(cn *)(| *(|( declare\u0000@ ' +
      'mysql.db all_tables from\u0000dual rlike(sleep',
  ],
  [Place.word, sqlInjection, 'sysdate()'],
  // Files.
  [Place.parentFolder, traversal, '../ ..\\ ..;/'],
  [Place.dotSegment, probePath, '/.'],
  [
    Place.anywhere,
    traversal,
    '/etc/passwd /etc/shadow /etc/group /etc/hosts /etc/issue /etc/nginx/ /etc/apache /etc/ssh/ \\etc\\passwd etc/passwd ' +
      'etc/shadow /proc/self /proc/version /proc/1/ win.ini boot.ini windows/system32 windows\\system32 winnt/system32 file:/// ' +
      '/var/log/ /root/. .ssh/id_ web-inf/ meta-inf/ c:/windows c:\\ c:/boot /var/www/ usr/local/www etc/f5-release ' +
      '....// ....\\',
  ],
  // Code that something on the server would run.
  [
    Place.anywhere,
    codeExecution,
    'jndi: ldap:// rmi:// php://filter php://input expect:// phar:// data://text zip:// compress.zlib:// ' +
      '__class__ __globals__ __import__ __subclasses__ __mro__ __proto__ getruntime processbuilder java.lang. ' +
      'freemarker. ognl. #_memberaccess classloader memberaccess org.apache.commons com.opensymphony invokefunction ' +
      'call_user_func auto_prepend_file allow_url_include pearcmd config-create/ php://fd \\think\\ ' +
      '/think/app ro0ab aced0005 _method=__construct phpinfo( shell_exec( passthru( base64_decode( proc_open( ' +
      'popen( fsockopen file_put_contents file_get_contents create_function preg_replace( os.system ' +
      'child_process xstream debug=command redirect:$ action:$ %{( #set($ lower:j upper:j ' +
      'widget_php widgetconfig[code] deviceudid=$ .execute"?new( fastjson autocloseable @type":" ' +
      'jdbc:h2 mem:test script:js script:javascript runtime.exec t(java new\u0000java.',
  ],
  [Place.codeCall, codeExecution, 'exec( system( print( md5( var_dump( die( phpversion( gethostname('],
  [
    Place.path,
    codeExecution,
    '/_ignition/execute-solution /cgi-bin/php /phpunit/src/util/php/eval-stdin /eval-stdin.php',
  ],
  // Shells.
  [
    Place.anywhere,
    commandInjection,
    '/bin/sh /bin/bash /bin/cat bin/bash cmd.exe powershell.exe /dev/tcp/ rm+-rf rm\u0000-rf chmod\u0000777 chmod\u0000+x ' +
      '${ifs} $ifs /tmp; cd\u0000/tmp base64\u0000-d base64\u0000--decode todo=syscmd ' +
      'interactsh .oast. oastify.com burpcollaborator dnslog.cn wget${ mozi.m mozi.a `id` $(id) ' +
      'invoke-expression ' +
      'downloadstring( ',
  ],
  [
    Place.word,
    commandInjection,
    'nc\u0000-e nc\u0000-lvp python\u0000-c perl\u0000-e php\u0000-r bash\u0000-c bash\u0000-i sh\u0000-c sh\u0000-i ping\u0000-c ping\u0000-n',
  ],
  [Place.query, commandInjection, 'whoami'],
  [Place.word, codeExecution, 'eval( assert( javax.script javax.naming'],
  [Place.fetch, commandInjection, 'wget curl tftp lwp-download'],
  [Place.commandParameter, commandInjection, 'cmd= exec= command= execute= shell= syscmd= cli= run='],
  // Scripts in pages.
  [Place.dialog, crossSiteScripting, 'alert( prompt( confirm('],
  [Place.scheme, crossSiteScripting, 'javascript: vbscript: livescript:'],
  [
    Place.anywhere,
    crossSiteScripting,
    'document.cookie document.domain document.location document.write window.location window.name string.fromcharcode ' +
      'fromcharcode( innerhtml srcdoc= data:text/html text/html;base64 &lt;script settimeout( localstorage. ' +
      '&#x6a; &#106; \\u003c constructor(',
  ],
  // Files and folders that nothing of an election office's links to.
  [
    Place.name,
    probePath,
    '/phpmyadmin /pma /myadmin /phpmy /mysqladmin /mysql-admin /sqladmin /dbadmin /phpinfo /cgi-bin /server-status ' +
      '/server-info /actuator /jolokia /solr /host-manager /owa /ecp /autodiscover /ews /aspnet_client /boaform /hnap1 ' +
      '/gponform /setup.cgi /axis2 /axis2-admin /invoker /jmx-console /web-console /xmlrpc.php /wp-login.php ' +
      '/wp-cron.php /wlwmanifest.xml /wp-json/wp/v2/users /readme.html /c99 /r57 /wso /wso112233 /alfa /alfacgiapi /webshell ' +
      '/composer /dockerfile /filezilla /telescope ' +
      '/laravel /nmaplowercheck /nice\u0000ports /trinity /sdk /evox /tmui /remote/fgt_lang /remote/login /remote/logincheck ' +
      '/dana-na /dana-cached /+cscoe+ /+cscot+ /+webvpn+ /global-protect /globalprotect /ssl-vpn /v2/_catalog /_cat ' +
      '/_all_dbs /_search /_nodes /ws_ftp /human.aspx /moveitisapi /guestaccess.aspx /getphpinfo /kcfinder /elfinder /fckeditor /uploadify ' +
      '/plesk-stat /whm-server-status /roundcube /roundcubemail /zimbra /squirrelmail /horde /currentsetting.htm ' +
      '/luci /ctrlt /deviceupgrade /picsdesc.xml /wanipcn.xml /ubus /geoserver /nacos /druid /trace.axd /elmah.axd ' +
      '/phpsysinfo /mysqldumper /muieblackcat /w00tw00t /zabbix /nagios /debug/pprof /heapdump /hystrix /struts ' +
      '/struts2-showcase /manager/html /manager/text /manager/status /jenkins /hudson /weblogic /wls-wsat /_async /uddiexplorer ' +
      '/console/login /console/css /ibmmq /ibm/console /sap/bc /sap/public /irj/portal /nwa /crx /sitecore/shell /umbraco ' +
      '/magmi /downloader /administrator/index.php /administrator/components /joomla /drupal/install /vendor/phpunit ' +
      '/phpunit /telerik.web.ui /portal/redlion /api/jsonws /apisix /portainer /v1/agent /v1/metadata /latest/meta-data ' +
      '/computemetadata /containers/json /api/v1/pods /version/docker /stalker_portal /ab2g /ab2h /teorema505 /owncloud/apps ' +
      '/get_getnetworkconf.cgi /goform /login.cgi /dvr /dvrxml /ispirit /seeyon /yyoa /general/login_code.php ' +
      '/catalog-portal /service/extension /autodiscover.xml /mapi /rpcproxy /cluster/list.query ' +
      '/backup /backups /dump /db_backup /old_site /shell ' +
      '/s3cmd /sendgrid /twilio /config.yml /config.yaml /config.php /configuration.php ' +
      '/config.inc.php /settings.py /settings.php /env.json ' +
      '/phpspec /swagger.php /test.php /info.php /php.php /i.php /pi.php /php_info /php-info ' +
      '/index.php/admin/login /telescope/requests /horizon/api /debug/default /app_dev.php /_profiler /web.xml /crossdomain.jsp ' +
      '/showlogin.cc /webfig /winbox /admin.php /admin/config.php /pandora_console /cacti /remote_agent.php /zm /centreon ' +
      '/dolibarr /glpi /vicidial /a2billing /freepbx /fog/management /sugarcrm /vtigercrm /htmlawed /php/ztp_gate.php ' +
      '/unauth /php/utils /setup/setupadministrator.action /server-info.action /json/setup-restore.action ',
  ],
  [
    Place.path,
    probePath,
    '/adminer /components/com_ shell.php sh3ll /c99 /r57 /administrator/db /admin/db /admin/mysql /mysql/index /db/index /wp-config wp-config.php /license.php /configuration.php- .ds_store ~root',
  ],
  [
    Place.query,
    probePath,
    '/.env .git/config .aws/credentials wp-config.php xdebug_session_start rest_route=/wp/v2/users',
  ],
  [
    Place.script,
    probePath,
    '/wp-content/ /wp-includes/ /wp-admin/ /wp-json/ /uploads/ /images/ /tmp/ well-known/ /media/',
  ],
  [Place.pathEnd, probePath, '.pem .inc .dist .pcf .rdp'],
  // What is never meant to be served: to have it is to have passwords, keys, records or source.
  [
    Place.name,
    probePath | secretPath,
    '/.git /.svn /.hg /.bzr /.aws /.ssh /.kube /.docker /.htpasswd /.bash_history /.mysql_history /.psql_history /.sh_history ' +
      '/.pgpass /.netrc /.npmrc /.git-credentials /.my.cnf /.vault-token /id_rsa /id_dsa /id_ecdsa /id_ed25519 /sftp-config ' +
      '/web.config /docker-compose /secrets.yml /secrets.json /database.yml /parameters.yml /local.xml /web-inf /known_hosts',
  ],
  [
    Place.path,
    probePath | secretPath,
    '/.env /wp-config.php. /wp-config.txt /configuration.php. /privkey.pem /private.pem /server.pem /key.pem',
  ],
  [
    Place.pathEnd,
    probePath | secretPath,
    '.bak .swp .swo .orig .save .sql .sqlite .sqlite3 .sql.gz .sql.zip .key .pfx .ppk .kdbx .mdb .env ~ .tfstate .tfvars .ovpn .old',
  ],
  [Place.archive, probePath | secretPath, '.zip .tar .tar.gz .tgz .rar .7z .gz .tar.bz2'],
  [Place.backRoom, probePath, '/wp-admin'],
  [Place.author, probePath, '?author='],
];

export type Needle = { readonly text: string; readonly place: Place; readonly bits: number };

/** Every text once, with its place and meaning. A NUL in the lists above stands for a blank in the text. */
export const NEEDLES: readonly Needle[] = GROUPS.flatMap(([place, bits, texts]) =>
  texts
    .split(' ')
    .filter((text) => text !== '')
    .map((text) => ({ text: text.replaceAll('\u0000', ' '), place, bits })),
);

/** Names of archives that hold a whole site or its database. */
export const ARCHIVES: ReadonlySet<string> = new Set(
  (
    'backup backups bak db database databases dump mysql mysqldump sql www wwwroot public_html htdocs html website site ' +
    'web webroot old old_site root data_backup site_backup full_backup backup_1 backup1 test ' +
    'wordpress wp joomla src'
  ).split(' '),
);
