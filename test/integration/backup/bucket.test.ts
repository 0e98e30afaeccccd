import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryAddress } from "../../../components/backup/repository";
import { awsCredentials } from "../../../components/shared/bucket";
import { SmallS3 } from "../../support/s3";
import { Place } from "./place";

describe("a bucket", () => {
  let bucket: SmallS3;
  let place: Place;
  let address: string;
  before(async () => {
    bucket = new SmallS3("backups", "KEY-OF-THE-FILE");
    address = await bucket.start();
    place = new Place("jenkins");
    place.write("source/config.xml", "<hudson/>");
    place.write("credentials", awsCredentials("KEY-OF-THE-FILE", "secret-of-the-file"));
    const repository = { endpoint: address, bucket: "backups", region: "us-east-1" };
    Object.assign(place.environment, {
      RESTIC_REPOSITORY: repositoryAddress(repository, "dev", "jenkins"),
      AWS_SHARED_CREDENTIALS_FILE: join(place.folder, "credentials"),
      AWS_DEFAULT_REGION: repository.region,
    });
  });
  after(() => {
    bucket.stop();
    place.remove();
  });

  it("stores the backup with the keys of the mounted file, in the system's folder, and returns it", async () => {
    const { code, output } = await place.save();
    assert.equal(code, 0, output);
    const keys = [...bucket.objects.keys()];
    assert.ok(keys.includes("dev/jenkins/config"));
    assert.ok(keys.every((key) => key.startsWith("dev/jenkins/")));
    const restored = join(await place.restore(), place.source);
    assert.equal(readFileSync(join(restored, "config.xml"), "utf8"), "<hudson/>");
  });

  it("makes the job fail if it refuses the keys, which do not appear in the log", async () => {
    place.write("wrong", awsCredentials("ANOTHER-KEY", "secret-of-the-file"));
    const before = bucket.objects.size;
    const { code, output } = await place.save({
      AWS_SHARED_CREDENTIALS_FILE: join(place.folder, "wrong"),
    });
    assert.equal(code, 1, output);
    assert.match(output, /Access ?Denied/);
    assert.doesNotMatch(output, /secret-of-the-file|encryption key of this test/);
    assert.equal(bucket.objects.size, before);
  });
});
