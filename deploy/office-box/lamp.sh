#!/bin/sh
# Shows by a lamp what `bellwether-agent health` says: steady, the hub was heard within three minutes; slow, waiting for the line; quick,
# call the state office. A box without a lamp says it on its screen. Started by bellwether-lamp.timer; what fails in here is shown as quick.
#
# LEDS, SCREEN, SETTINGS and AGENT name other places, for tests.
set -u

leds=${LEDS:-/sys/class/leds}
screen=${SCREEN:-/dev/tty1}
settings=${SETTINGS:-/etc/bellwether/box.conf}
agent=${AGENT:-/usr/bin/node /opt/bellwether-agent/bellwether-agent.js}

PHONE='' LED=''
# shellcheck source=/dev/null
[ -r "$settings" ] && . "$settings"

# Twenty seconds: a slow disk is no reason to send somebody to the telephone, a hanging program is.
# shellcheck disable=SC2086
timeout 20 $agent health > /dev/null 2>&1
case $? in
  0) state=steady text='All is well.' ;;
  1) state=slow text='Waiting for the line. Nothing is lost. If it stays so for an hour, look at the network cable.' ;;
  *) state=quick text="Please call the state office: $PHONE" ;;
esac

# The lamp that the settings name, else one that is there on small computers: by the names that their kernels give it.
lamp=''
for name in "$LED" ACT led0 PWR led1 apu2:green:1 apu:green:1 green:status status; do
  if [ -n "$name" ] && [ -w "$leds/$name/trigger" ]; then
    lamp=$leds/$name
    break
  fi
done

if [ -z "$lamp" ]; then
  if [ -w "$screen" ]; then printf '\033[2J\033[H\n\n    Bellwether\n\n    %s\n' "$text" > "$screen"; fi
  exit 0
fi

blink() { # MILLISECONDS on, and as many off
  # Writing the same again would start it anew, and it would stumble.
  if grep -qF '[timer]' "$lamp/trigger" && [ "$(cat "$lamp/delay_on" 2>/dev/null)" = "$1" ]; then return; fi
  printf timer > "$lamp/trigger"
  printf '%s' "$1" > "$lamp/delay_on"
  printf '%s' "$1" > "$lamp/delay_off"
}

case $state in
  steady)
    printf none > "$lamp/trigger"
    cat "$lamp/max_brightness" > "$lamp/brightness" ;;
  slow) blink 1500 ;;
  quick) blink 150 ;;
esac
