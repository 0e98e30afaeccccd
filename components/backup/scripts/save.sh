#!/bin/sh
# Saves folders into the backup repository and then forgets the backups that are no longer kept.
# Every step that fails ends the script and the job: what could not be uploaded deletes nothing.
set -eu
: "${BACKUP_NAME:?}" "${BACKUP_PATHS:?}" "${BACKUP_REQUIRED:?}" "${BACKUP_EXCLUDES:?}"
: "${KEEP_LAST:?}" "${KEEP_DAILY:?}" "${KEEP_WEEKLY:?}" "${KEEP_MONTHLY:?}"

# An empty or broken volume is no backup, however well it can be copied.
for file in $BACKUP_REQUIRED; do
  if [ ! -s "$file" ]; then
    echo "$file is missing or empty: nothing is saved." >&2
    exit 1
  fi
done

# A new bucket holds no repository. A wrong password or a bucket out of reach fails both commands.
if ! restic cat config >/dev/null; then
  echo "No repository can be read: making one."
  restic init
fi

# Locks of jobs that were killed; one that another job renews stays.
restic unlock

# Paths are words without spaces.
# shellcheck disable=SC2086
restic backup --host "$BACKUP_NAME" --exclude-file "$BACKUP_EXCLUDES" $BACKUP_PATHS

restic forget --host "$BACKUP_NAME" --group-by host \
  --keep-last "$KEEP_LAST" --keep-daily "$KEEP_DAILY" \
  --keep-weekly "$KEEP_WEEKLY" --keep-monthly "$KEEP_MONTHLY" --prune

restic check
