/** Checks the environment's branch of the app out, and names the release after what is there. */
def fetch(Map app) {
    def remote = [url: app.repository]
    if (app.platform.credentials) {
        remote.credentialsId = app.platform.credentials
    }
    def source = checkout(scmGit(branches: [[name: "*/${params.BRANCH}"]], userRemoteConfigs: [remote]))
    env.RELEASE = "${params.VERSION}-${params.BRANCH}-${source.GIT_COMMIT.take(7)}"
}

/** Builds the app: by the hook that it ships, `hooks/build`, or as its runtime usually does. */
def build(Map app) {
    def usual = [
        maven : 'mvn --batch-mode --no-transfer-progress package',
        php   : 'composer install --no-dev --no-interaction --optimize-autoloader',
        node  : 'npm ci --no-audit --no-fund && npm run --if-present build',
        python: 'python -m pip wheel --wheel-dir wheels --requirement requirements.txt',
    ]
    if (app.runtime) {
        container('build') {
            sh(fileExists('hooks/build') ? './hooks/build' : usual[app.runtime])
        }
        junit(testResults: '**/target/surefire-reports/*.xml', allowEmptyResults: true)
    }
    stash(name: 'source', excludes: '.git/**')
}
