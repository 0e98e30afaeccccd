#!/bin/sh
# Delays restarts until the cluster's health allows them.
#   settled.sh started   succeeds when the cluster has allocated its shards after this node's start
#   settled.sh may-stop  waits, for at most LIMIT seconds, until every shard has all of its copies
# URL of this node, CA with the authority of its certificate, ELASTIC_PASSWORD, WORK a writable folder.
set -eu
count_file=$WORK/settled-answers

health() { # curl reads the password from a pipe, because every process can read a command line
  printf 'user = "elastic:%s"\n' "$ELASTIC_PASSWORD" |
    curl --silent --max-time 10 --cacert "$CA" --config - "$URL/_cluster/health"
}

number() { # <field>: its value in the last response
  printf '%s' "$answer" | sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p"
}

# A yellow or red cluster may stay so, for example while a node is down. After enough responses in a row without shards in
# motion, waiting no longer helps, and the other indices can be used.
quiet() { # <responses in a row>
  for field in initializing_shards delayed_unassigned_shards number_of_in_flight_fetch; do
    [ "$(number "$field")" = 0 ] || {
      echo 0 >"$count_file"
      return 1
    }
  done
  count=$(($(cat "$count_file" 2>/dev/null || echo 0) + 1))
  echo "$count" >"$count_file"
  [ "$count" -ge "$1" ]
}

started() {
  answer=$(health) || return 1
  case $answer in
  *'"status":"green"'*) ;;
  *'"status":"yellow"'*) quiet 6 ;;
  *'"status":"red"'*) quiet 60 ;;
  # The cluster has another password, so its health cannot be queried, and a restart would not change that.
  *'"status":401'*) echo "the login of user elastic is rejected: not waiting for shards" ;;
  *) return 1 ;;
  esac
}

case $1 in
started) started ;;
may-stop)
  end=$(($(date +%s) + LIMIT))
  while [ "$(date +%s)" -lt "$end" ]; do
    answer=$(health) || answer=
    case $answer in
    *'"status":"green"'* | *'"status":401'*) break ;;
    esac
    sleep 5
  done
  # Time for the endpoints of Services to lose this node, so that no client still sends requests to it.
  sleep "$GRACE"
  ;;
esac
