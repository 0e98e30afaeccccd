#!/bin/sh
# Rotates the log files that apps write into directories of this node:
# $ROOT/$ENVIRONMENT/<kind>/<domain>/<pod>/<file>. Runs forever, or once with the argument "once".
#   DOMAINS        file with one domain per line; each gets its directories, writable for every user
#   KINDS          kinds of log, separated by spaces
#   MAXIMUM_BYTES  a larger file is copied and truncated, because apps keep their files open
#   KEEP_DAYS      age at which a rotated or dated file, or any file of a deleted pod, is deleted
#   INTERVAL       seconds between two passes
#   PODS           the kubelet's directory of this node's pods: <namespace>_<pod>_<uid>
#   HEARTBEAT      file that is touched after each pass
set -eu
mkdir -p "$ROOT/$ENVIRONMENT"
base=$(cd "$ROOT/$ENVIRONMENT" && pwd -P)
trap 'exit 0' TERM

not_writable() {
  echo "Created by someone else, and perhaps not writable for every app: $1 (owner $(stat -c %u "$1"), mode $(stat -c %a "$1"))" >&2
}

make_directories() {
  mkdir -p "$base"
  while IFS= read -r domain; do
    for kind in $KINDS; do
      directory=$base/$kind/$domain
      [ -d "$directory" ] || mkdir -p "$directory" || continue
      # The kubelet gives a pod's directory the mode of its domain's directory. An existing directory may belong to
      # another user. It is left unchanged, and the other directories are rotated anyway.
      [ "$(stat -c %a "$directory")" = 1777 ] || chmod 1777 "$directory" || not_writable "$directory"
    done
  done <"$DOMAINS"
}

# Apps choose the names and may change their directories at any time, so no path is trusted:
# a name with a line break would be two lines of the list, and a link could lead to another app's file.
line_break='
'

each_file() { # <command> <find expression…>: runs the command for every file found
  action=$1
  shift
  find "$base" -mindepth 4 -maxdepth 4 -type f ! -name "*$line_break*" "$@" >"$LIST" ||
    echo "Some of the files below $base could not be read" >&2
  while IFS= read -r file; do
    # An error with one file, such as one that an app has just renamed, must not stop the others.
    "$action" "$file" || echo "Left unchanged: $file" >&2
  done <"$LIST"
}

is_file() { [ -f "$1" ] && [ ! -L "$1" ]; }

# Lines that an app writes between the copy and the truncation are lost; keeping them would need the app's help. An
# incomplete copy (no space left) is deleted. Only root can read the copy, whatever the mode of the file was. Not
# ": >file": a kernel with fs.protected_regular does not allow even root to open another user's file that way in a
# world-writable directory.
rotate() {
  copy=$1.$(date +%Y%m%d%H%M%S).rotated
  # Opening a pipe that has taken the file's place in the meantime would wait forever.
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
  # The opened file must be the one that was found, not the target of a link. The new copy follows no link either.
  [ "$(readlink /proc/self/fd/3)" = "$1" ] || exit 1
  umask 077
  set -C
  cat <&3 >"$2" && truncate -c -s 0 /proc/self/fd/3
'

compress() { is_file "$1" && gzip -f "$1"; }

pod_is_here() { # <file>: whether the pod that the file's directory is named after is on this node
  directory=${1%/*}
  set -- "$PODS"/*_"${directory##*/}"_*
  [ -e "$1" ]
}

expire() {
  case ${1##*/} in
  # Files that no app has open any more: the copies, and files that apps rotate daily.
  *.rotated | *.gz | *[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*) rm "$1" ;;
  *) pod_is_here "$1" || rm "$1" ;;
  esac
}

remove_directories() { # the empty ones of deleted pods
  find "$base" -mindepth 3 -maxdepth 3 -type d -mtime "+$KEEP_DAYS" >"$LIST" ||
    echo "Some of the directories below $base could not be read" >&2
  while IFS= read -r directory; do
    pod_is_here "$directory/" || [ -n "$(ls -A "$directory")" ] || rmdir "$directory"
  done <"$LIST"
}

while :; do
  make_directories
  # After an hour, Filebeat has read a copy to its end.
  each_file compress -name '*.rotated' -mmin +60
  each_file rotate -size "+${MAXIMUM_BYTES}c" ! -name '*.rotated' ! -name '*.gz'
  each_file expire -mtime "+$KEEP_DAYS"
  remove_directories
  touch "$HEARTBEAT"
  [ "${1:-}" = once ] && exit 0
  sleep "$INTERVAL" &
  wait $!
done
