#!/bin/sh
# Delays restarts until the partitions allow them.
#   in-sync.sh caught-up  succeeds when this node is in sync for every partition that it has a replica of
#   in-sync.sh may-stop   waits, for at most LIMIT seconds, until no partition needs this node for its
#                         minimum of in-sync replicas
# POD_NAME ends in the node's number; NODES_DOMAIN is the suffix of its host name. CLIENT is a file
# with the client's login settings; it may be missing.
set -eu
node=${POD_NAME##*-}

partitions() { # <which>: lines such as "Topic: logs Partition: 0 Leader: 1 Replicas: 0,1 Isr: 1 …"
  set -- --bootstrap-server "$POD_NAME.$NODES_DOMAIN:9092" --describe "$@"
  if [ -f "$CLIENT" ]; then set -- --command-config "$CLIENT" "$@"; fi
  KAFKA_HEAP_OPTS=-Xmx96m "$KAFKA/bin/kafka-topics.sh" "$@"
}

# Prints the lines whose Replicas or Isr field contains, or lacks, this node.
having() { # <field> <has or lacks>
  awk -v node="$node" -v field="$1:" -v want="$2" '{
    found = "lacks"
    for (i = 1; i < NF; i++) if ($i == field) {
      count = split($(i + 1), ids, ",")
      for (j = 1; j <= count; j++) if (ids[j] == node) found = "has"
    }
    if (found == want) print
  }'
}

caught_up() {
  list=$(partitions --under-replicated-partitions) || return 1
  behind=$(printf '%s\n' "$list" | having Replicas has | having Isr lacks)
  [ -z "$behind" ] || {
    printf 'Not yet in sync for:\n%s\n' "$behind"
    return 1
  }
}

may_stop() {
  at=$(partitions --at-min-isr-partitions) && under=$(partitions --under-min-isr-partitions) || return 1
  needed=$(printf '%s\n%s\n' "$at" "$under" | having Isr has)
  [ -z "$needed" ] || {
    printf 'Still needed for:\n%s\n' "$needed"
    return 1
  }
}

case $1 in
caught-up) caught_up ;;
may-stop)
  end=$(($(date +%s) + LIMIT))
  until may_stop; do
    [ "$(date +%s)" -lt "$end" ] || exit 0
    sleep 5
  done
  ;;
esac
