#!/bin/sh
# Saves folders into the backup repository and then deletes the backups that are no longer kept. If a step fails, the
# script and its Job fail, so a failed upload deletes nothing.
set -eu
: "${BACKUP_NAME:?}" "${BACKUP_PATHS:?}" "${BACKUP_REQUIRED:?}" "${BACKUP_EXCLUDES:?}"
: "${KEEP_LAST:?}" "${KEEP_DAILY:?}" "${KEEP_WEEKLY:?}" "${KEEP_MONTHLY:?}"

# An empty or broken volume must not become a backup.
for file in $BACKUP_REQUIRED; do
  if [ ! -s "$file" ]; then
    echo "$file is missing or empty: nothing is saved." >&2
    exit 1
  fi
done

# How long to wait for locks, seconds. restic calls a lock stale 30 minutes after its process last renewed it.
: "${LOCK_SECONDS:=2100}"
pause=15

# A stopped container signals only the shell, which would end without restic. restic removes its lock before it ends.
stop() {
  if [ -n "${!:-}" ]; then
    kill -TERM "$!" 2>/dev/null || true
    wait "$!" || true
  fi
  exit 143
}
trap stop HUP INT TERM

# Runs a command in the background, because the shell handles a signal during `wait`, but not during another command.
run() {
  "$@" &
  wait "$!"
}

# Without a lock, because a lock that a killed Job left would make this command fail.
code=0
run restic cat config --no-lock >/dev/null || code=$?
case $code in
0) ;;
# There is no repository: a new bucket. Only restic 0.17 and newer tell this from other errors.
10)
  echo "There is no repository: creating one."
  run restic init
  ;;
*)
  echo "The repository cannot be read (restic ended with $code): nothing is saved." >&2
  exit "$code"
  ;;
esac

# Removes locks of Jobs that were killed, and waits for others: a lock of another pod becomes stale only when nothing
# has renewed it for 30 minutes. A lock that a running Job renews stays.
waited=0
while :; do
  run restic unlock
  locks=$(restic list locks --no-lock --quiet)
  if [ -z "$locks" ]; then break; fi
  if [ "$waited" -ge "$LOCK_SECONDS" ]; then
    echo "The repository is still locked after $waited s: nothing is saved. Locks: $locks" >&2
    echo "If no backup of $BACKUP_NAME is running, remove them with: restic unlock --remove-all" >&2
    exit 1
  fi
  if [ "$waited" = 0 ]; then echo "The repository is locked: waiting for up to $LOCK_SECONDS s."; fi
  run sleep "$pause"
  waited=$((waited + pause))
done

# Paths are words without spaces.
# shellcheck disable=SC2086
run restic backup --host "$BACKUP_NAME" --exclude-file "$BACKUP_EXCLUDES" $BACKUP_PATHS

run restic forget --host "$BACKUP_NAME" --group-by host \
  --keep-last "$KEEP_LAST" --keep-daily "$KEEP_DAILY" \
  --keep-weekly "$KEEP_WEEKLY" --keep-monthly "$KEEP_MONTHLY" --prune

run restic check
