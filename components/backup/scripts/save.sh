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

# A new bucket has no repository. With a wrong password or an unreachable bucket, both commands fail.
if ! restic cat config >/dev/null; then
  echo "No repository can be read: creating one."
  restic init
fi

# Removes locks of Jobs that were killed; a lock that another Job renews stays.
restic unlock

# Paths are words without spaces.
# shellcheck disable=SC2086
restic backup --host "$BACKUP_NAME" --exclude-file "$BACKUP_EXCLUDES" $BACKUP_PATHS

restic forget --host "$BACKUP_NAME" --group-by host \
  --keep-last "$KEEP_LAST" --keep-daily "$KEEP_DAILY" \
  --keep-weekly "$KEEP_WEEKLY" --keep-monthly "$KEEP_MONTHLY" --prune

restic check
