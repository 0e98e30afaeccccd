#!/bin/sh
# Exports the state of every stack of this project and saves the files like any other backup. CI runs it, not the
# cluster, because the state is needed to restore a lost cluster.
set -eu
: "${STATE_FOLDER:?}"
here=$(dirname "$0")
umask 077

mkdir -p "$STATE_FOLDER"
stacks=$(pulumi stack ls --json | sed -n 's/^ *"name": "\(.*\)",*$/\1/p')
if [ -z "$stacks" ]; then
  echo "The backend has no stack of this project: nothing is saved." >&2
  exit 1
fi
required=
for stack in $stacks; do
  file="$STATE_FOLDER/$(echo "$stack" | tr / .).json"
  # Secrets stay encrypted: the passphrase or key of the stack is needed to read them again.
  pulumi stack export --stack "$stack" --file "$file"
  required="$required $file"
done

: >"$STATE_FOLDER/excludes"
export BACKUP_NAME=state BACKUP_PATHS="$STATE_FOLDER" BACKUP_REQUIRED="$required"
export BACKUP_EXCLUDES="$STATE_FOLDER/excludes"
# A signal then reaches save.sh, which lets restic remove its lock.
exec sh "$here/save.sh"
