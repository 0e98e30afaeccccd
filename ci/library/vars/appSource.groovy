/** Checks out the environment's branch of the app, and names the release after its commit. */
def fetch(Map app) {
    def server = serverOf(app.repository)
    if (!(server.tokenize(':')[0] in app.platform.repositoryHosts)) {
        error("The repository of ${app.name}: expected one on ${app.platform.repositoryHosts.join(' or ')}, got one on ${server}; list this host in platform:components.ci.repositoryHosts if apps may be built from it")
    }
    def remote = [url: app.repository]
    // No other server gets the token.
    if (app.platform.credentials && server == serverOf(app.platform.repository.url)) {
        remote.credentialsId = app.platform.credentials
    }
    def source = checkout(scmGit(branches: [[name: "*/${params.BRANCH}"]], userRemoteConfigs: [remote]))
    env.RELEASE = "${params.VERSION}-${params.BRANCH}-${source.GIT_COMMIT.take(12)}"
    env.COMMIT = source.GIT_COMMIT
}

/** Host of a repository over HTTPS, with its port if it names one, in lower case. */
private String serverOf(String address) {
    return address.startsWith('https://') ? address.tokenize('/')[1].toLowerCase() : address
}

/** Builds the app with its own hook, `hooks/build`, or otherwise with the usual command of its tool. */
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
