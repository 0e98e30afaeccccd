/** Checks the environment's branch of the app out, and names the release after what is there. */
def fetch(Map app) {
    def remote = [url: app.repository]
    if (app.platform.credentials) {
        remote.credentialsId = app.platform.credentials
    }
    def source = checkout(scmGit(branches: [[name: "*/${params.BRANCH}"]], userRemoteConfigs: [remote]))
    env.RELEASE = "${params.VERSION}-${params.BRANCH}-${source.GIT_COMMIT.take(12)}"
    env.COMMIT = source.GIT_COMMIT
}

/** Builds the app: by the hook that it ships, `hooks/build`, or as its tool usually does. */
def build(Map app) {
    def usual = [
        maven : 'mvn --batch-mode --no-transfer-progress package',
        php   : 'composer install --no-dev --no-interaction --optimize-autoloader',
        node  : 'npm ci --no-audit --no-fund && npm run --if-present build && npm prune --omit=dev --no-audit --no-fund',
        python: 'python -m pip install --no-cache-dir --target packages --requirement requirements.txt',
    ]
    if (app.build) {
        container('build') {
            sh(fileExists('hooks/build') ? './hooks/build' : usual[app.build])
        }
        junit(testResults: '**/target/surefire-reports/*.xml', allowEmptyResults: true)
    }
    stash(name: 'source', excludes: '.git/**')
}
