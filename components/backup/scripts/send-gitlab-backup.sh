#!/bin/sh
# Runs as root on the server of a GitLab that was installed as a Linux package: creates a backup, and writes it with
# GitLab's keys and configuration as a tar to standard output. Afterwards, it deletes the backup. gitlab.sh reads the tar.
set -eu
umask 077
backups=/var/opt/gitlab/backups
configuration=/etc/gitlab

started=$(mktemp)
made=
trap 'rm -f "$started" ${made:+"$made"}' EXIT
trap 'exit 1' HUP INT TERM

# Its messages must not be mixed into the tar.
gitlab-backup create CRON=1 >&2
made=$(find "$backups" -maxdepth 1 -name '*_gitlab_backup.tar' -newer "$started")
if [ ! -f "$made" ]; then
  echo "expected one new *_gitlab_backup.tar in $backups, got ${made:-none}" >&2
  made=
  exit 1
fi
tar -cf - -C "$backups" "${made##*/}" -C "$configuration" gitlab-secrets.json gitlab.rb
