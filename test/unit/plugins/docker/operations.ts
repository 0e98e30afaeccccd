export const NAME = "harbor.example.com/shop/web:1.4.2";
export const DIGEST = `harbor.example.com/shop/web@sha256:${"a".repeat(64)}`;

/** A simulated docker whose builds and pushes succeed. */
export const WORKING = `case "$*" in
  *RepoDigests*) echo "other/web@sha256:0"; echo "${DIGEST}";;
  *.Id*) echo "sha256:local";;
  build*) echo "step with token $TOKEN and hunter2" >&2;;
esac`;

/** What the engine tells the plugin about an operation on the image. */
export const operation = (preview = false) => ({
  ...{ urn: "urn:image", preview, signal: new AbortController().signal },
});
