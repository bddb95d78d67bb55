#!/bin/sh
# Enrols an office box at the state office, before it is mailed: its disk is still mounted, and it leaves as an agent of its office. Run
# as root, within half an hour after the code was made, on a machine that reaches the hub.
set -eu

usage() {
  cat <<'TEXT'
Usage: enrol-here.sh ROOT --hub HOST:PORT --code CODE [--node FILE] [--again]

  ROOT             folder where the disk of the box is mounted, after make-image.sh
  --hub HOST:PORT  the listener of the hub for agents
  --code CODE      the code of the office, as the hub showed it
  --node FILE      program node of this machine, if it is not `node`
  --again          the box was enrolled before: replace what it had

Exit code: 0 done; 1 it could not be done; 2 wrong usage.
TEXT
}

wrong_usage() {
  printf 'enrol-here.sh: %s\n\n' "$1" >&2
  usage >&2
  exit 2
}

root='' hub='' code='' node=node again=''
while [ $# -gt 0 ]; do
  case $1 in
    --help) usage; exit 0 ;;
    --again) again=--again; shift ;;
    --hub | --code | --node)
      [ $# -ge 2 ] || wrong_usage "$1 needs a value"
      case $1 in --hub) hub=$2 ;; --code) code=$2 ;; --node) node=$2 ;; esac
      shift 2 ;;
    -*) wrong_usage "there is no option $1" ;;
    *) [ -z "$root" ] || wrong_usage 'name one folder'; root=$1; shift ;;
  esac
done
if [ -z "$root" ] || [ -z "$hub" ] || [ -z "$code" ]; then wrong_usage 'ROOT, --hub and --code are needed'; fi

agent=$root/opt/bellwether-agent/bellwether-agent.js
folder=$root/var/lib/bellwether-agent
if [ ! -f "$agent" ] || [ ! -d "$folder" ]; then
  printf 'enrol-here.sh: below %s there is no office box: run make-image.sh first\n' "$root" >&2
  exit 1
fi
# A box reads its files as root.
if [ "$(stat -c %u "$folder")" != "$(id -u)" ]; then
  printf 'enrol-here.sh: %s belongs to somebody else: run it as root, as make-image.sh\n' "$folder" >&2
  exit 1
fi
# $again is one word or none.
# shellcheck disable=SC2086
"$node" "$agent" enrol --hub "$hub" --code "$code" --folder "$folder" $again > /dev/null
"$node" -e '
  const { readFileSync } = require("node:fs");
  const { X509Certificate } = require("node:crypto");
  const [folder] = process.argv.slice(1);
  const { name, officeName, host, port } = JSON.parse(readFileSync(folder + "/agent.json", "utf8"));
  const { validTo } = new X509Certificate(readFileSync(folder + "/certificate.pem"));
  console.log("Label for the box\n\n  " + officeName + "\n  " + name + "\n  plug in before " + validTo + "\n");
  console.log("It speaks to " + host + ":" + port + " alone. Unmount the disk, put it into the box, and add unboxing.md, printed.");
' "$folder"
