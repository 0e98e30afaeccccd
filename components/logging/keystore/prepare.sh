#!/bin/sh
# Creates a node's configuration folder: the files of the image, and a keystore with the bucket's keys.
# CONFIG: the image's folder. ES_PATH_CONF: the folder to create. CREDENTIALS: the bucket's keys as an AWS credentials
# file. Without that file, there are no snapshots, but logs are stored.
set -eu

keystore="$ES_PATH_CONF/elasticsearch.keystore"
cp -R "$CONFIG/." "$ES_PATH_CONF"
rm -f "$keystore"
elasticsearch-keystore create

if [ ! -e "$CREDENTIALS" ]; then
  echo "$CREDENTIALS is missing: this node cannot write snapshots; create the Secret and restart the pod"
  exit 0
fi

add() {
  value=$(sed -n "s/^[[:space:]]*$1[[:space:]]*=[[:space:]]*\([^[:space:]]*\)[[:space:]]*\$/\1/p" "$CREDENTIALS" | head -n 1)
  if [ -z "$value" ]; then
    echo "$CREDENTIALS has no line '$1 = …'" >&2
    exit 1
  fi
  printf '%s' "$value" | elasticsearch-keystore add --stdin "s3.client.default.$2"
}

add aws_access_key_id access_key
add aws_secret_access_key secret_key
