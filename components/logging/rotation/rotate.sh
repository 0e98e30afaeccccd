#!/bin/sh
# Rotates the log files that apps write into directories of this machine:
# $ROOT/$ENVIRONMENT/<kind>/<domain>/<pod>/<file>. Runs for ever, or once with the argument "once".
#   DOMAINS        file with a domain per line; each gets its directories, writable for every user
#   KINDS          kinds of log, separated by spaces
#   MAXIMUM_BYTES  a larger file is copied away and emptied: apps keep their files open
#   KEEP_DAYS      a rotated or dated file, or any file of a pod that is gone, is deleted then
#   INTERVAL       seconds between two rounds
#   PODS           the kubelet's directory of this machine's pods: <namespace>_<pod>_<uid>
#   HEARTBEAT      file that is touched after each round
set -eu
mkdir -p "$ROOT/$ENVIRONMENT"
base=$(cd "$ROOT/$ENVIRONMENT" && pwd -P)
trap 'exit 0' TERM

not_writable() {
  echo "Not ours, and perhaps not writable for every app: $1 (owner $(stat -c %u "$1"), mode $(stat -c %a "$1"))" >&2
}

make_directories() {
  mkdir -p "$base"
  while IFS= read -r domain; do
    for kind in $KINDS; do
      directory=$base/$kind/$domain
      [ -d "$directory" ] || mkdir -p "$directory" || continue
      # The kubelet gives a pod's directory the rights of its domain's. A folder that was there before may
      # be somebody else's, and is left as it is: the rest must be rotated all the same.
      [ "$(stat -c %a "$directory")" = 1777 ] || chmod 1777 "$directory" || not_writable "$directory"
    done
  done <"$DOMAINS"
}

# Apps choose the names and may change their directories at any time, so nothing here trusts a path:
# a name with a line break would be two lines of the list, and a link could lead to another app's file.
line_break='
'

each_file() { # <command> <find expression…>: runs the command with every file found
  action=$1
  shift
  find "$base" -mindepth 4 -maxdepth 4 -type f ! -name "*$line_break*" "$@" >"$LIST" ||
    echo "Not everything below $base could be looked at" >&2
  while IFS= read -r file; do
    # One file's trouble, such as an app that has just renamed it, must not stop the others.
    "$action" "$file" || echo "Left as it is: $file" >&2
  done <"$LIST"
}

is_file() { [ -f "$1" ] && [ ! -L "$1" ]; }

# Lines that an app writes between the copy and the emptying are lost; no way is known that keeps
# them without the app's help. A copy that was cut off (no space left) is taken back. The copy is for
# root alone, whatever the file was. Not ": >file": a kernel with fs.protected_regular refuses even
# root to open another user's file that way in a directory that is writable for all.
rotate() {
  copy=$1.$(date +%Y%m%d%H%M%S).rotated
  # Opening a pipe that has taken the file's place in the meantime would wait for ever.
  if is_file "$1" && timeout 600 sh -c "$copy_and_empty" rotate "$1" "$copy"; then
    echo "Rotated $1"
  else
    rm -f "$copy"
    return 1
  fi
}

# shellcheck disable=SC2016 # the shell that runs it expands the variables
copy_and_empty='
  exec 3<"$1"
  # The file that was opened, not where a link leads. A new copy follows no link either.
  [ "$(readlink /proc/self/fd/3)" = "$1" ] || exit 1
  umask 077
  set -C
  cat <&3 >"$2" && truncate -c -s 0 /proc/self/fd/3
'

compress() { is_file "$1" && gzip -f "$1"; }

pod_is_here() { # <file>: whether the pod that the file's directory is named after is on this machine
  directory=${1%/*}
  set -- "$PODS"/*_"${directory##*/}"_*
  [ -e "$1" ]
}

expire() {
  case ${1##*/} in
  # What nobody has open any more: our own copies, and what apps rotated by the day.
  *.rotated | *.gz | *[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*) rm "$1" ;;
  *) pod_is_here "$1" || rm "$1" ;;
  esac
}

remove_directories() { # empty ones of pods that are gone
  find "$base" -mindepth 3 -maxdepth 3 -type d -mtime "+$KEEP_DAYS" >"$LIST" ||
    echo "Not every directory below $base could be looked at" >&2
  while IFS= read -r directory; do
    pod_is_here "$directory/" || [ -n "$(ls -A "$directory")" ] || rmdir "$directory"
  done <"$LIST"
}

while :; do
  make_directories
  # Filebeat has had an hour to read a copy to its end.
  each_file compress -name '*.rotated' -mmin +60
  each_file rotate -size "+${MAXIMUM_BYTES}c" ! -name '*.rotated' ! -name '*.gz'
  each_file expire -mtime "+$KEEP_DAYS"
  remove_directories
  touch "$HEARTBEAT"
  [ "${1:-}" = once ] && exit 0
  sleep "$INTERVAL" &
  wait $!
done
