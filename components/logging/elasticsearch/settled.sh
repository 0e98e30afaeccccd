#!/bin/sh
# Paces restarts by the cluster's health.
#   settled.sh started   succeeds once the cluster has put its shards in order after this node's start
#   settled.sh may-stop  waits, LIMIT seconds at most, until every shard has all of its copies
# URL of this node, CA file of its certificate's authority, ELASTIC_PASSWORD, WORK a writable folder.
set -eu
count_file=$WORK/settled-answers

health() { # the password reaches curl by a pipe: a command line is visible to every process
  printf 'user = "elastic:%s"\n' "$ELASTIC_PASSWORD" |
    curl --silent --max-time 10 --cacert "$CA" --config - "$URL/_cluster/health"
}

number() { # <field>: its value in the last answer
  printf '%s' "$answer" | sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p"
}

# What is yellow or red may stay so, for example while a machine is gone: after enough answers in a row
# in which nothing moves, waiting no longer helps, and other indices are of use.
quiet() { # <answers in a row>
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
  # The password is another one: its health cannot be asked, and a restart would not change that.
  *'"status":401'*) echo "user elastic is refused: this start waits for no shard" ;;
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
  # Time for Services to forget the node, so that nobody still sends to it.
  sleep "$GRACE"
  ;;
esac
