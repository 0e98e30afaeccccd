#!/bin/sh
# Dumps a PostgreSQL database into a file, as one consistent state of it.
set -eu
: "${PGHOST:?}" "${PGPORT:?}" "${PGDATABASE:?}" "${DATABASE_SECRETS:?}" "${DATABASE_DUMP:?}"
umask 077

PGUSER=$(cat "$DATABASE_SECRETS/username")
PGPASSFILE=$(mktemp)
export PGUSER PGPASSFILE
trap 'rm -f "$PGPASSFILE"' EXIT
# A file, as an environment variable can be read by who may list processes.
printf '*:*:*:*:%s\n' "$(sed 's/[\\:]/\\&/g' "$DATABASE_SECRETS/password")" >"$PGPASSFILE"

# Not compressed: the repository compresses, and finds what did not change since yesterday.
pg_dump --no-password --format=custom --compress=0 --file="$DATABASE_DUMP"
# A dump whose list cannot be read back is none.
pg_restore --list "$DATABASE_DUMP" >/dev/null
echo "Database $PGDATABASE dumped: $(wc -c <"$DATABASE_DUMP") bytes."
