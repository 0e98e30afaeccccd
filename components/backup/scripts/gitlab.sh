#!/bin/sh
# Gets a backup from GitLab's server. There, the SSH key may run only send-gitlab-backup.sh, which sends a tar of the
# backup and of the keys that the database is encrypted with (docs/backup.md).
set -eu
: "${GITLAB_HOST:?}" "${GITLAB_PORT:?}" "${GITLAB_USER:?}" "${GITLAB_SECRETS:?}" "${GITLAB_FOLDER:?}"
umask 077

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
# ssh refuses a key that other users can read, as in a volume.
cat "$GITLAB_SECRETS/ssh-privatekey" >"$temporary/key"

# The tar is unpacked while it arrives, because the volume has room for only one copy. A pipe returns only the exit code
# of its last command.
{
  ssh -T -F /dev/null -i "$temporary/key" -p "$GITLAB_PORT" \
    -o BatchMode=yes -o IdentitiesOnly=yes -o StrictHostKeyChecking=yes \
    -o UserKnownHostsFile="$GITLAB_SECRETS/known_hosts" -o GlobalKnownHostsFile=/dev/null \
    -o ConnectTimeout=30 -o ServerAliveInterval=30 -o ServerAliveCountMax=10 \
    "$GITLAB_USER@$GITLAB_HOST" backup || echo $? >"$temporary/failed"
} | tar -xf - -C "$GITLAB_FOLDER" || unpacked=$?
if [ -s "$temporary/failed" ]; then
  echo "ssh $GITLAB_USER@$GITLAB_HOST failed, or the backup there failed: nothing is saved." >&2
  exit "$(cat "$temporary/failed")"
fi
if [ "${unpacked:-0}" != 0 ]; then
  echo "The tar from GitLab's server cannot be unpacked: nothing is saved." >&2
  exit "$unpacked"
fi

# Without its keys, a restored GitLab cannot decrypt its data: CI variables, tokens, second factors.
[ -s "$GITLAB_FOLDER/gitlab-secrets.json" ] || {
  echo "GitLab's server sent no gitlab-secrets.json: nothing is saved." >&2
  exit 1
}
set -- "$GITLAB_FOLDER"/*_gitlab_backup.tar
# An archive that GitLab did not complete ends early. The check reads it through a pipe, because BusyBox's tar seeks in a
# file, even past its end.
# shellcheck disable=SC2002
if [ $# != 1 ] || ! cat "$1" | tar -tf - >"$temporary/files" || ! grep -q backup_information.yml "$temporary/files"; then
  echo "GitLab's server sent no complete *_gitlab_backup.tar: nothing is saved." >&2
  exit 1
fi
# The same name every day, because save.sh requires it.
mv "$1" "$GITLAB_FOLDER/gitlab_backup.tar"
basename "$1" >"$GITLAB_FOLDER/name"
echo "GitLab sent $(basename "$1"): $(wc -c <"$GITLAB_FOLDER/gitlab_backup.tar") bytes."
