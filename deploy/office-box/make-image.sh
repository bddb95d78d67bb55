#!/bin/sh
# Makes a Debian 12 that is installed below a folder (a mounted disk, or debootstrap) into an office box: a small computer that takes in
# the logs of an office's firewall, router and Windows computers and hands them to the state's hub. Run as root, at the state office.
# What it puts where stands in README.md beside it.
set -eu

usage() {
  cat <<'TEXT'
Usage: make-image.sh ROOT --node FILE --agent FILE --phone TEXT --zone ZONE [--files-only]

  ROOT          folder below which Debian 12 is installed
  --node FILE   program node, 20.19 or newer, built for the box
  --agent FILE  bellwether-agent.js, as `npm run setup` builds it in apps/agent/dist
  --phone TEXT  the state office's telephone number, for the screen of a box without a lamp
  --zone ZONE   time zone of the office, as America/Chicago: firewalls write wall clocks without one
  --files-only  write files alone: no packages, no accounts. For trying it out

Exit code: 0 done; 1 it could not be done; 2 wrong usage.
TEXT
}

wrong_usage() {
  printf 'make-image.sh: %s\n\n' "$1" >&2
  usage >&2
  exit 2
}

give_up() {
  printf 'make-image.sh: %s\n' "$1" >&2
  exit 1
}

root='' node='' agent='' phone='' zone='' files_only=no
while [ $# -gt 0 ]; do
  case $1 in
    --help) usage; exit 0 ;;
    --files-only) files_only=yes; shift ;;
    --node | --agent | --phone | --zone)
      [ $# -ge 2 ] || wrong_usage "$1 needs a value"
      case $1 in
        --node) node=$2 ;;
        --agent) agent=$2 ;;
        --phone) phone=$2 ;;
        --zone) zone=$2 ;;
      esac
      shift 2 ;;
    -*) wrong_usage "there is no option $1" ;;
    *) [ -z "$root" ] || wrong_usage 'name one folder'; root=$1; shift ;;
  esac
done
for needed in "$root" "$node" "$agent" "$phone" "$zone"; do
  [ -n "$needed" ] || wrong_usage 'ROOT, --node, --agent, --phone and --zone are needed'
done

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
# The machine that this runs on is never meant.
[ -d "$root" ] || give_up "there is no folder $root"
root=$(CDPATH='' cd -- "$root" && pwd)
[ "$root" != / ] || give_up 'ROOT is this machine itself: name the folder where the disk of the box is mounted'
[ -f "$node" ] || give_up "there is no file $node"
[ -f "$agent" ] || give_up "there is no file $agent"
# What stands in a file that a shell reads later, and on the screen of the box.
case $phone in *[!0-9+\(\)\ .-]* | '') give_up 'the telephone number has digits, spaces and +().- only' ;; esac
case $zone in *[!A-Za-z0-9_+/-]* | '' | /*) give_up 'the time zone is a name as America/Chicago' ;; esac

if [ "$files_only" = no ]; then
  [ "$(id -u)" = 0 ] || give_up 'run it as root'
  grep -q '^VERSION_ID="12"' "$root/etc/os-release" || give_up "below $root there is no Debian 12"
  # nftables keeps strangers off the receivers; unattended-upgrades brings corrections; timesyncd keeps the clock.
  chroot "$root" apt-get update
  chroot "$root" apt-get install --yes --no-install-recommends \
    nftables conntrack unattended-upgrades systemd-timesyncd ca-certificates tzdata
  chroot "$root" apt-get purge --yes openssh-server
fi

put() { # MODE FROM TO: one file, with its folders
  mkdir -p "$root/$(dirname -- "$3")"
  install -m "$1" "$2" "$root/$3"
}

put 0755 "$node" usr/bin/node
put 0644 "$agent" opt/bellwether-agent/bellwether-agent.js
put 0755 "$here/lamp.sh" opt/bellwether-agent/lamp.sh
put 0644 "$here/../bellwether-agent.service" etc/systemd/system/bellwether-agent.service
put 0644 "$here/bellwether-lamp.service" etc/systemd/system/bellwether-lamp.service
put 0644 "$here/bellwether-lamp.timer" etc/systemd/system/bellwether-lamp.timer
put 0644 "$here/files/agent.json" etc/bellwether/agent.json
sed -i "s|@ZONE@|$zone|" "$root/etc/bellwether/agent.json"
put 0644 "$here/files/nftables.conf" etc/nftables.conf
put 0644 "$here/files/20auto-upgrades" etc/apt/apt.conf.d/20auto-upgrades
put 0644 "$here/files/52bellwether-upgrades" etc/apt/apt.conf.d/52bellwether-upgrades
put 0644 "$here/files/watchdog.conf" etc/systemd/system.conf.d/50-bellwether.conf
put 0644 "$here/files/journald.conf" etc/systemd/journald.conf.d/50-bellwether.conf
put 0644 "$here/files/modules.conf" etc/modules-load.d/bellwether.conf
printf 'PHONE="%s"\n' "$phone" > "$root/etc/bellwether/box.conf"
chmod 0644 "$root/etc/bellwether/box.conf"
ln -sfn "/usr/share/zoneinfo/$zone" "$root/etc/localtime"
printf '%s\n' "$zone" > "$root/etc/timezone"
install -d -m 0700 "$root/var/lib/bellwether-agent"

units=$root/etc/systemd/system
mkdir -p "$units/multi-user.target.wants" "$units/timers.target.wants" "$units/sysinit.target.wants"
ln -sfn ../bellwether-agent.service "$units/multi-user.target.wants/bellwether-agent.service"
ln -sfn ../bellwether-lamp.timer "$units/timers.target.wants/bellwether-lamp.timer"
ln -sfn /lib/systemd/system/nftables.service "$units/sysinit.target.wants/nftables.service"
ln -sfn /lib/systemd/system/systemd-timesyncd.service "$units/sysinit.target.wants/systemd-timesyncd.service"
# Nobody signs in: not at a keyboard, not by a serial line, not over the network.
for unit in getty@.service serial-getty@.service autovt@.service console-getty.service \
  getty.target ssh.service ssh.socket emergency.service rescue.service debug-shell.service; do
  ln -sfn /dev/null "$units/$unit"
done
# An account that has no password that fits (shadow(5)): `*`.
if [ -f "$root/etc/shadow" ]; then
  awk -F: 'BEGIN { OFS = ":" } { $2 = "*"; print }' "$root/etc/shadow" > "$root/etc/shadow.bellwether"
  chmod 0640 "$root/etc/shadow.bellwether"
  chown --reference="$root/etc/shadow" "$root/etc/shadow.bellwether"
  mv "$root/etc/shadow.bellwether" "$root/etc/shadow"
fi

if [ "$files_only" = no ]; then
  # The box may have another processor than this machine: then the state tries it on the box itself.
  if version=$(chroot "$root" /usr/bin/node --version 2>/dev/null); then
    printf '%s\n' "$version" | grep -Eq '^v(20\.(19|[2-9][0-9])|2[1-9]|[3-9][0-9])\.?' ||
      give_up "node is $version: 20.19 or newer is needed"
    chroot "$root" /usr/bin/node /opt/bellwether-agent/bellwether-agent.js --version
  else
    printf 'node cannot be tried on this machine: try it on the box before it is mailed.\n' >&2
  fi
fi
printf 'Done. Next: %s/enrol-here.sh %s --hub HOST:PORT --code CODE\n' "$here" "$root"
