#!/bin/sh
# Dumps a PostgreSQL database into a file, as one consistent snapshot.
set -eu
: "${PGHOST:?}" "${PGPORT:?}" "${PGDATABASE:?}" "${DATABASE_SECRETS:?}" "${DATABASE_DUMP:?}"
umask 077

PGUSER=$(cat "$DATABASE_SECRETS/username")
PGPASSFILE=$(mktemp)
export PGUSER PGPASSFILE
trap 'rm -f "$PGPASSFILE"' EXIT
# In a file, because users who can list processes can read environment variables.
printf '*:*:*:*:%s\n' "$(sed 's/[\\:]/\\&/g' "$DATABASE_SECRETS/password")" >"$PGPASSFILE"

# Not compressed, because the repository compresses and deduplicates.
pg_dump --no-password --format=custom --compress=0 --file="$DATABASE_DUMP"
# A dump whose table of contents cannot be read is not usable.
pg_restore --list "$DATABASE_DUMP" >/dev/null
echo "Database $PGDATABASE dumped: $(wc -c <"$DATABASE_DUMP") bytes."
