/** Builds the image into a file, so that nothing is pushed before it is scanned. */
def build(Map app) {
    // In a folder of its own: the image file must not become part of the next build's context.
    dir('source') {
        unstash('source')
    }
    buildctl(app, 'type=docker,dest=image.tar', 'scanned.json')
}

/** Fails if the image has a serious vulnerability that a newer package fixes. */
def scan() {
    container('scan') {
        sh('trivy image --input image.tar --severity HIGH,CRITICAL --ignore-unfixed --no-progress --exit-code 1')
    }
}

/** Pushes the scanned image: builds it again from the daemon's cache, and compares the digests. */
def push(Map app) {
    buildctl(app, 'type=image,push=true', 'pushed.json')
    sh('''
        digest() { grep -o '"containerimage.config.digest": *"[^"]*"' "$1"; }
        scanned=$(digest scanned.json)
        pushed=$(digest pushed.json)
        if [ "$scanned" != "$pushed" ]; then
            echo "The image that was pushed is not the one that was scanned; start the build again." >&2
            exit 1
        fi
    '''.stripIndent())
}

private void buildctl(Map app, String output, String metadata) {
    def image = "${app.platform.registry}/${app.domain}/${app.name}:${env.RELEASE}"
    def names = [
        "OUTPUT=${output},name=${image}",
        "METADATA=${metadata}",
        "REGISTRY=${app.platform.registry}",
        "BASE_IMAGE=${app.runtime ? "${app.platform.registry}/template/${app.runtime}" : ''}",
        "APP=${app.name}",
        "VERSION=${params.VERSION}",
    ]
    withEnv(names) {
        container('build') {
            // COMMIT was set when the sources were fetched. A Dockerfile takes the arguments that it declares.
            sh('''
                buildctl build --frontend dockerfile.v0 --local context=source --local dockerfile=source \\
                    --opt "build-arg:REGISTRY=$REGISTRY" --opt "build-arg:BASE_IMAGE=$BASE_IMAGE" \\
                    --opt "build-arg:APP=$APP" --opt "build-arg:VERSION=$VERSION" --opt "build-arg:COMMIT=$COMMIT" \\
                    --output "$OUTPUT" --metadata-file "$METADATA"
            '''.stripIndent())
        }
    }
}
