import * as pulumi from "@pulumi/pulumi";
import { secret, type DeclaredSecret } from "../shared/secret";
import {
  clientProperties,
  kafkaPaths,
  propertiesText,
  userProperties,
  type Properties,
} from "./kafka-config";
import { password } from "./passwords";
import type { LoggingPart } from "./part";

/** Declares the Secret of the nodes' user and their clients' user, with the password files of each. */
export function kafkaUsers(part: LoggingPart): DeclaredSecret & { client: pulumi.Output<string> } {
  const { parent } = part;
  const broker = password("kafka-broker", parent);
  const client = password("kafka-client", parent);
  const text = (properties: pulumi.Output<Properties>) => properties.apply(propertiesText);
  const declared = secret(part, "kafka", {
    data: {
      "users.properties": text(
        pulumi.all([broker, client]).apply(([a, b]) => userProperties(a, b)),
      ),
      "client.properties": text(
        client.apply((value) => clientProperties(value, "/secrets/ca.crt")),
      ),
      "node-client.properties": text(
        client.apply((value) => clientProperties(value, `${kafkaPaths.tls}/ca.crt`)),
      ),
      "client-password": client,
    },
  });
  return { ...declared, client };
}
