#!/bin/sh
# Keeps the agent running: the version that HOME/active names, and the one before it when that one
# does not do. It is no part of what is updated, and small, so that it can always go back.
#
#   launch.sh [OPTION...]     options of "tidewatch-agent run"
#
#   TIDEWATCH_AGENT_HOME      where versions/ and active lie; default: the directory of this script
#   TIDEWATCH_AGENT_JAVA      default: java
#   TIDEWATCH_AGENT_FLAGS     of the JVM
#   TIDEWATCH_AGENT_PAUSE     seconds before an agent that ended is started again; default: 5
#   TIDEWATCH_AGENT_GRACE     seconds between SIGTERM and SIGKILL for one that is not healthy in time; default: 10
#
# HOME/active (written as a whole by the agent or by this script):
#   current=VERSION
#   previous=VERSION          to go back to; may be empty
#   trial=SECONDS             in which the current version has to be confirmed; 0: it is
# An agent that has installed another version ends (with 75), and that one is started. One that ends while on trial, is not
# confirmed in time, or was started three times without being confirmed, is taken back: its name
# goes into HOME/bad, the previous version is started.
set -u
umask 077
# Names of files are UTF-8, whatever the machine's language is.
LC_ALL=${LC_ALL:-C.UTF-8}
export LC_ALL
# One arena of malloc, which gives back what it does not need.
MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-1}
MALLOC_TRIM_THRESHOLD_=${MALLOC_TRIM_THRESHOLD_:-65536}
export MALLOC_ARENA_MAX MALLOC_TRIM_THRESHOLD_

home=${TIDEWATCH_AGENT_HOME:-$(cd "$(dirname "$0")" && pwd)}
java=${TIDEWATCH_AGENT_JAVA:-java}
flags=${TIDEWATCH_AGENT_FLAGS:--Xms4m -Xmx16m -Xmn2m -Xss256k -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=8m -XX:MaxMetaspaceSize=48m -XX:MaxDirectMemorySize=8m -XX:-UsePerfData -XX:CompileThresholdScaling=3 -XX:StringTableSize=4096 -XX:MetaspaceReclaimPolicy=aggressive -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=25 -Dsun.reflect.inflationThreshold=2147483647}
pause=${TIDEWATCH_AGENT_PAUSE:-5}
most_grace=${TIDEWATCH_AGENT_GRACE:-10}
most_tries=3
child=
stopping=

say() { echo "launcher: $*" >&2; }

is_version() {
  case $1 in
    '' | .* | *[!A-Za-z0-9.-]*) return 1 ;;
  esac
}

read_active() {
  current= previous= trial=0
  while IFS='=' read -r key value; do
    case $key in
      current) current=$value ;;
      previous) previous=$value ;;
      trial) trial=$value ;;
    esac
  done < "$home/active" || return 1
  case $trial in '' | *[!0-9]*) return 1 ;; esac
  is_version "$current" && { [ -z "$previous" ] || is_version "$previous"; }
}

write_active() {
  printf 'current=%s\nprevious=%s\ntrial=%s\n' "$1" "$2" "$3" > "$home/active.new" &&
    sync && mv -f "$home/active.new" "$home/active" && sync
}

# Gives up on the current version.
take_back() {
  rm -f "$home/tries"
  if [ -n "$previous" ] && [ -f "$home/versions/$previous/agent.jar" ]; then
    say "version $current $1: back to $previous"
    echo "$current" >> "$home/bad"
    set -- "$previous"
  else
    say "version $current $1, and there is none to go back to: it stays"
    set -- "$current"
  fi
  if ! write_active "$1" '' 0; then
    say "$home/active cannot be written"
    sleep "$pause"
  fi
}

stop() {
  stopping=yes
  [ -n "$child" ] && kill -TERM "$child" 2> /dev/null
}
trap stop TERM INT HUP

# Until the child has ended; signals end "wait" early.
await_child() {
  wait "$child"
  code=$?
  while kill -0 "$child" 2> /dev/null; do
    wait "$child"
    code=$?
  done
}

# Gives the child its time to be confirmed; kills it when that is over.
watch_trial() {
  left=$trial
  while kill -0 "$child" 2> /dev/null && [ -z "$stopping" ]; do
    read_active || return
    [ "$trial" -eq 0 ] && { rm -f "$home/tries"; return; }
    if [ "$left" -le 0 ]; then
      say "version $started is not healthy in time"
      kill -TERM "$child" 2> /dev/null
      grace=$most_grace
      while kill -0 "$child" 2> /dev/null && [ "$grace" -gt 0 ]; do
        sleep 1
        grace=$((grace - 1))
      done
      kill -KILL "$child" 2> /dev/null
      return
    fi
    sleep 1
    left=$((left - 1))
  done
}

while [ -z "$stopping" ]; do
  if ! read_active; then
    say "$home/active does not say which version runs: write current=VERSION into it"
    exit 4
  fi
  started=$current
  if [ ! -f "$home/versions/$started/agent.jar" ]; then
    if [ -n "$previous" ]; then
      take_back "is not there"
      continue
    fi
    say "there is no $home/versions/$started/agent.jar"
    exit 4
  fi
  if [ "$trial" -gt 0 ]; then
    tries=0
    [ -f "$home/tries" ] && read -r tries < "$home/tries"
    case $tries in '' | *[!0-9]*) tries=0 ;; esac
    if [ "$tries" -ge "$most_tries" ]; then
      take_back "was started $tries times and not confirmed"
      continue
    fi
    echo $((tries + 1)) > "$home/tries"
  else
    rm -f "$home/tries"
  fi
  # shellcheck disable=SC2086
  "$java" $flags -jar "$home/versions/$started/agent.jar" run --home "$home" --started "$started" "$@" &
  child=$!
  [ "$trial" -gt 0 ] && watch_trial
  await_child
  child=
  [ -n "$stopping" ] && break
  if ! read_active; then
    continue
  fi
  if [ "$current" != "$started" ]; then
    say "version $started makes way for $current"
  elif [ "$trial" -gt 0 ]; then
    take_back "ended with $code on trial"
  else
    say "version $started ended with $code"
    sleep "$pause" &
    child=$!
    wait "$child"
    child=
  fi
done
exit 0
