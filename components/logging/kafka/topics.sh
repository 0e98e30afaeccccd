#!/bin/sh
# Configures a topic: creates it, adds partitions, changes the settings that differ. Kafka cannot remove partitions.
# Running the script again changes nothing.
# SERVERS, TOPIC, PARTITIONS, COPIES; SETTINGS is a list such as a=1,b=2; BOOTSTRAP_SECRETS may contain client.properties.
set -eu

tool() {
  name=$1
  shift
  if [ -f "$BOOTSTRAP_SECRETS/client.properties" ]; then
    set -- --command-config "$BOOTSTRAP_SECRETS/client.properties" "$@"
  fi
  "$KAFKA/bin/$name" --bootstrap-server "$SERVERS" "$@"
}

# The first line of a description: Topic: logs ... PartitionCount: 4 ... Configs: a=1,b=2
tool kafka-topics.sh --create --if-not-exists --topic "$TOPIC" --partitions "$PARTITIONS" --replication-factor "$COPIES"
summary=$(tool kafka-topics.sh --describe --topic "$TOPIC" | head -n 1)

present=$(printf '%s\n' "$summary" | sed -n 's/.*PartitionCount: *\([0-9][0-9]*\).*/\1/p')
if [ -z "$present" ]; then
  echo "Topic $TOPIC: expected a description with PartitionCount, got: $summary" >&2
  exit 1
fi
if [ "$present" -lt "$PARTITIONS" ]; then
  tool kafka-topics.sh --alter --topic "$TOPIC" --partitions "$PARTITIONS"
  echo "$TOPIC has $PARTITIONS partitions instead of $present"
fi

configs=",$(printf '%s\n' "$summary" | sed -n 's/.*Configs: *\([^[:space:]]*\).*/\1/p'),"
different=
old_ifs=$IFS
IFS=,
for setting in $SETTINGS; do
  case $configs in
  *",$setting,"*) ;;
  *) different="$different${different:+,}$setting" ;;
  esac
done
IFS=$old_ifs
if [ -n "$different" ]; then
  tool kafka-configs.sh --alter --entity-type topics --entity-name "$TOPIC" --add-config "$different"
  echo "$TOPIC now has $different"
fi
