import { addProvider } from "../shared/provider";
import { serve } from "../shared/serve";
import { randomBytes, randomId, randomUuid } from "./bytes";
import { RandomKind, toHandler } from "./kind";
import { randomInteger, randomShuffle } from "./numbers";
import { randomPassword, randomString } from "./text";

/** Version of @pulumi/random whose resources these are. */
const VERSION = "4.21.2";

const kinds: { readonly [type: string]: RandomKind } = {
  "random:index/randomBytes:RandomBytes": randomBytes,
  "random:index/randomId:RandomId": randomId,
  "random:index/randomInteger:RandomInteger": randomInteger,
  "random:index/randomPassword:RandomPassword": randomPassword,
  "random:index/randomShuffle:RandomShuffle": randomShuffle,
  "random:index/randomString:RandomString": randomString,
  "random:index/randomUuid:RandomUuid": randomUuid,
};

const resources = Object.fromEntries(
  Object.entries(kinds).map(([type, kind]) => [type, toHandler(kind)]),
);

void serve((server) => addProvider(server, { version: VERSION, resources }));
